"""Warehouse engines: what differs between DuckDB and Spark outside SQL, and dbt tests over many models.

Comes in: landed rows, and dbt's models through `dbt_events.py`.
Goes out: `build/warehouse.duckdb`, from either engine.
Does not belong here: SQL (`dbt_project/macros/dialect.sql`), or dbt's messages about its nodes.
"""
