"""The clerk's pages: what her agency owes, a file checked and sent, its receipt.

Comes in: a file of her agency, the letter.
Goes out: what is wrong in it, a marked copy of it, its receipt; nothing of a file that was not sent is stored.
"""
