"""The page of a month: one HTML file that says what was published or why not, readable from disk without a network.

What belongs here: reading aggregates from the month's warehouse (``data``), chart geometry (``charts``) and the page
itself (``page`` and the ``*.html.j2`` beside it). No row of a person or family ever reaches this package.
"""
