"""The cards of the way in: what a source sends, what a shape is, what columns are called, what is owed.

Comes in: YAML files of `sources/`, `shapes/`, `codes/`, `holidays/`.
Goes out: typed cards.
"""
