"""The way in: who sends what, and what is refused.

Everything between a sender's file and the raw rows that dbt reads. No Dagster, no dbt, no Great Expectations.

Comes in: a sender's file.
Goes out: a receipt, rows as Parquet, what waits, and why.
"""
