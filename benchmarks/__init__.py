"""Benchmarks: this linkage against plain Splink and exact joins, on months nobody tuned on and on data that nobody here wrote.

What belongs here: ``registers`` writes the data of other people (run by ``.venv-bench``), ``foreign`` simulates a month by
another hand, ``datasets`` prepares every set once, ``contenders`` links it in a process of its own, ``measure`` counts pairs,
``report`` writes ``docs/benchmarks.md``. ``make bench`` runs it all.
"""
