"""How good the proxy means test is: a study on a household survey, and the page about it."""
