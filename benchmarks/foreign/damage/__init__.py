"""How the sources' rows are written, and what goes wrong: errors that are not independent.

What belongs here: ``hand`` draws how badly each row is written; ``name_errors``, ``nik_errors``, ``date_errors`` and
``birthplace_errors`` each spoil one field by it.
"""
