"""What happens to a delivery that is damaged, odd or hostile? Named kinds of mutation, thousands of files, one verdict each.

What belongs here: ``draft`` makes valid files, the ``kinds`` mutate them, ``campaign`` has the reader read them and judges what
came out, ``told`` searches what left for persons, and ``__main__`` is the command line.
"""
