"""The forms that tell the story of a report: two pages, a sheet of all languages, the report itself.

Comes in: an edition with its story.
Goes out: what Typst is given, and small charts.
"""
