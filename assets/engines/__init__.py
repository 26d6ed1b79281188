"""The engines that count: what differs between DuckDB and Spark outside SQL, and the tests that ask many models.

Comes in: landed rows, and dbt's models through `dbt_events.py`.
Goes out: `build/warehouse.duckdb`, whichever counted.
Does not belong here: SQL (`dbt_project/macros/dialect.sql`), or what dbt tells of its nodes.
"""
