"""One person explained: the source rows, the pairs that joined them, and the history of the id."""
