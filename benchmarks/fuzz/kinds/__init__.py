"""The kinds of mutation, each a function with the decorator ``kind`` or ``landing_kind``.

What belongs here: one file for each thing that is changed. ``catalog`` lists them all.

- the text file: ``raw_bytes``, ``line_ends``, ``encodings``, ``delimiters``, ``rows``, ``headers``
- its cells: ``numbers``, ``codes``, ``dates``, ``texts``, ``persons``, ``keys``
- other formats: ``archives``, ``parquet_sound``, ``parquet_broken``, ``workbooks_sound``, ``workbooks_broken``
- the landing folder: ``landing_folders``
"""
