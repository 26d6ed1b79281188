"""Linkage: which records of several bodies are of one person, where no token says so.

Comes in: records of persons as coded fields, and codes of name parts that their holders made. No name, file or home.
Goes out: pairs with a probability, and groups of records that are one person each.
"""
