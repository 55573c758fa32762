"""Why these records are one person, and why a family is in its desil: for whoever must answer an objection.

Each explanation is gathered once and shown as text in a terminal or as one HTML page. Nothing is decided here.
"""
