"""The chapters of an edition: one file for each family of chapters, each a function of the report and its words.

Belongs here: the content of each chapter, as blocks of `reports.editions.edition`. Does not belong here: their order
in the edition (`reports/chapters/build_edition.py`), sentences (`reports/phrases/wording.py`, `languages`), or how
anything looks (the renderers).

Comes in: the report model, and what editors add.
Goes out: an edition.
"""
