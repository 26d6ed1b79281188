"""The voice: reads released files only and tells them in Arabic, Sorani Kurdish and English.

It never opens the warehouse, the candidates or a sender's file, and adds no number that was not released.

Comes in: released folders, and what editors add.
Goes out: pages, PDF, workbook and explorer in three languages, files in the formats of others.
"""
