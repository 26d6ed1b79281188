"""The forms of the story of a report: two pages, a sheet of all languages, the report itself.

Comes in: an edition with its story.
Goes out: the input of Typst, and small charts.
"""
