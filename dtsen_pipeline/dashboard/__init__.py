"""The page of a month: one HTML file that says what was published or why not, readable from disk without a network.

What belongs here: reading aggregates from the month's warehouse (``collect``, ``measured``) and the months before from the registry
(``history``) into plain shapes (``data``), chart geometry (``charts``), names (``words``) and the page itself (``page`` and the
``*.html.j2`` beside it); the page over all months (``index``) and its ``server``. No row of a person or family ever reaches this
package.
"""
