"""The SQL of ``dbt_like_sql``: its models, queries and macros, and what they read."""
