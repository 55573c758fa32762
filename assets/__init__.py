"""The assets of Dagster, thin: each names its inputs, calls the domain and returns metadata.

What belongs here: what Dagster must know (keys, groups, owners, metadata). What a table means stands in ``dtsen_pipeline`` and
``dbt_like_sql``. The order of the work is landing, staging, linkage, marts, welfare, release.
"""
