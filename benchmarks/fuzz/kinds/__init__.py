"""The kinds of mutation, each a function with the decorator ``kind`` or ``landing_kind``.

What belongs here: one file for each thing that is changed. The text file: ``raw_bytes``, ``line_ends``, ``encodings``,
``delimiters``, ``rows``, ``headers``. Its cells: ``numbers``, ``codes``, ``dates``, ``texts``, ``persons``, ``keys``. Other formats:
``archives``, ``parquet_sound``, ``parquet_broken``, ``workbooks_sound``, ``workbooks_broken``. The folder: ``landing_folders``.
``catalog`` lists them all.
"""
