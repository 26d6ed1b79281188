"""Released rows as a report reads them; no other data of Marsad is read.

Comes in: release folders.
Goes out: the report model, in codes and without words.
"""
