"""Reports: released files only, in Arabic, Sorani Kurdish and English.

This package never opens the warehouse, the candidates or a sender's file, and adds no number that was not released.

Comes in: released folders, and what editors add.
Goes out: pages, PDF, workbook and explorer in three languages, files in the formats of other organisations.
"""
