"""Briefings: the answers of a report for readers in a hurry: slides, cards for social media, an e-mail, news.

Comes in: the report model and the edition of a language.
Goes out: the files of each form, from released figures alone.
"""
