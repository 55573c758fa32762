"""The sources' tables as they are delivered: one writer a source.

What belongs here: what all sources share of a visit (``visit``, ``addresses``), the writers (``dtks``, ``regsosek``, ``p3ke``,
``survey``), and how a table becomes a file (``delivery``, through the office's ``spreadsheets`` where asked).
"""
