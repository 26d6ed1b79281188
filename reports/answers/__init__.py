"""Answers: is it so, how much, is it better, and whose duty is it.

Comes in: question cards, the standards that a release carries, released figures. Goes out: an answer in each region,
in codes, and its sentences in words.
"""
