"""The made-up country of the foreign month: what is true of its people before any source writes it down.

What belongs here: names (``name_lists``, ``lexicon``, ``names``), villages (``places``), people (``people``, ``households``,
``new_families``, ``registry_numbers``), how well they live (``living_standards``), and ``population``, which draws them all.
"""
