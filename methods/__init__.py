"""Pure statistics: frames in, frames out. No files, no Dagster, no DuckDB connection of ours."""
