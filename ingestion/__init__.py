"""Intake: from a sender's file to the raw rows that dbt reads, or to a refusal.

Uses no Dagster, no dbt, no Great Expectations.

Comes in: a sender's file.
Goes out: a receipt, rows as Parquet, the quarantined rows with their reasons.
"""
