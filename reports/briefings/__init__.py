"""Briefings: the findings of a report for those who have a minute: slides, cards to be shared, an e-mail, news.

Comes in: the report model and the edition of a language.
Goes out: the files of each form, from released figures alone.
"""
