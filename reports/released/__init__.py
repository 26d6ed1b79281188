"""Released rows as a report reads them; nothing else of the house is read.

Comes in: release folders.
Goes out: the report model, in codes and without words.
"""
