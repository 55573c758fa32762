"""The SQL of the pipeline as data files: models, queries, tests of the gate, seeds and macros."""
