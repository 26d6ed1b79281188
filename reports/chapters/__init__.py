"""The chapters of an edition: one file for each family of chapters, each a function of the report and its words.

Belongs here: what stands in which chapter, as blocks of `reports.edition`. Does not belong here: their order in the
edition (`reports/telling.py`), sentences (`reports/wording.py`, `languages`), or how anything looks (the renderers).
"""
