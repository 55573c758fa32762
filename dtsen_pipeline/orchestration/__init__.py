"""Dagster around the domain: the job, what starts and watches it, and what becomes of its runs.

What belongs here: everything of the package that knows Dagster. What Dagster is to be given is put together in
``dtsen_pipeline.definitions``.
"""

JOB = "bulanan"
