"""Pictures of one or two years, as blocks of an edition: one file for what each shows.

Comes in: the report model.
Goes out: `PictureBlock`s, each with a finding as title and the figures as its alternative text.
"""
