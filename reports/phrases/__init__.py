"""The wording of the parts of a report in one language.

Comes in: codes and released figures.
Goes out: labels, figures, sentences.
"""
