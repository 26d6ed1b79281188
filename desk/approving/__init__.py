"""Acts of two in a browser: figures computed anew, what waits, a signature made elsewhere; the publication of a report.

Comes in: a signature of who is there, made on a machine of her own; a day, an embargo, a reason.
Goes out: what she signs with its hash and her line, and whether it is done.
"""
