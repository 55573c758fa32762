"""Keys, files and locks: where things lie, and who may read them.

What belongs here: opening and protecting files. What they hold is the business of the rooms above.
"""
