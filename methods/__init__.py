"""Pure statistics: frames in, frames out. No files, no Dagster, no DuckDB connection of Marsad's.

Comes in: frames and numbers.
Goes out: frames and numbers, with their uncertainty.
"""
