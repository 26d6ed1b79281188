"""Pure statistics: frames in, frames out. No files, no Dagster, no DuckDB connection of ours.

Comes in: frames and numbers.
Goes out: frames and numbers, with what they are sure of.
"""
