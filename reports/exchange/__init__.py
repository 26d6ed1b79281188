"""The exchange: a released folder in the formats that other organisations ask for, one module a format.

A module here turns a release into bytes in the layout of one receiver. It reads only that folder and adds no number,
decimal or cell that was not released. Withheld, missing and zero stay distinct in every layout.
Does not belong here: which formats there are and what they return (`formats.py`), writing files (`marsad`), pages for
people (the rest of `reports`).

Comes in: a released folder.
Goes out: the files of one format.
"""
