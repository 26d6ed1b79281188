"""The exchange: a released folder in the formats that others ask for, one module a format.

A module here turns a release into bytes in the layout of one receiver and reads nothing but that folder: no number, no
decimal and no cell that was not released. Withheld, missing and zero stay three things in every layout.
Does not belong here: which formats there are and what they answer (`formats.py` says it), writing files (`marsad`),
pages for people (the rest of `reports`).

Comes in: a released folder.
Goes out: the files of one format.
"""
