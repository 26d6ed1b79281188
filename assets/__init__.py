"""The Dagster graph: assets, checks and the build.

The only package that imports Dagster. It turns the folders of sources and datasets into assets and checks and calls
the packages below; it computes nothing itself.

Comes in: which files of the home changed, and the folders of sources and datasets.
Goes out: a run of the graph, with events and checks.
"""
