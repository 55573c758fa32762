"""The assets: thin. Each names its inputs, calls the domain and returns metadata.

What belongs here: what Dagster must know (keys, groups, owners, pools, metadata). What a table means stands in
``dtsen_pipeline`` and ``dbt_like_sql``. Order of the story: landing, staging, linkage, marts, welfare, release.
"""
