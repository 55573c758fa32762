"""What happens to a delivery that is damaged, odd or hostile? Named kinds of mutation, thousands of files, one verdict each.

What belongs here: ``plain_rows`` and ``draft`` make valid files (``files``, ``workbook``), the ``kinds`` mutate them (``register``,
``catalog``), ``cases`` numbers the mutations, ``campaign`` has the reader read them and judges what came out (``comparison``),
``leaks`` searches what left for persons, and ``__main__`` is the command line.
"""
