"""Linkage: which records of several agencies are of one person, if no pseudonymous ID says so.

Comes in: records of persons as coded fields, and codes of name parts made by their holders. No name, file or home.
Goes out: pairs with a probability, and groups of records that are one person each.
"""
