"""Record linkage: which rows are one person, and which persons are one family.

``model`` is the Splink model as data, ``training`` estimates it, ``scoring`` makes and scores candidate pairs, ``clustering``
joins pairs into persons under constraints, ``families`` joins family records, ``identity`` gives ids, ``evaluation`` measures.
The set-based steps between them are SQL in ``dbt_like_sql/models/linkage``.
"""
