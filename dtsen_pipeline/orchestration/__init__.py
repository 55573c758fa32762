"""Dagster around the domain: the job, what starts and watches it, and what becomes of its runs.

What belongs here: everything of the package that knows Dagster, but for ``dtsen_pipeline.definitions``, which puts together what
Dagster sees.
"""

JOB = "bulanan"
