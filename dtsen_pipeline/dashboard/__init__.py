"""The page of a month: one HTML file that says what was published or why not, readable from disk without a network.

What belongs here, in the order of the work: ``collect`` and ``measured`` read aggregates from the month's warehouse, ``history``
the months before from the registry, into the plain shapes of ``data`` and ``results``. ``charts`` computes where marks lie,
``formats`` and ``words`` say how values and codes are written. ``page`` makes the page of a month and ``index`` the one over all
months, both in the frame of ``document`` with the ``*.html.j2`` beside it; ``server`` serves them. ``pictures`` draws single
tables for the pages of Dagster. No row of a person or family ever reaches this package.
"""
