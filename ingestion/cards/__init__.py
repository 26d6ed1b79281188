"""The cards of the intake: sources, shapes, headings, code lists, and what each agency owes.

Comes in: YAML files of `sources/`, `shapes/`, `codes/`, `holidays/`.
Goes out: typed cards.
"""
