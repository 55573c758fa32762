"""How well the linkage went: estimates on every month, experiments on samples, and the truth where there is one."""
