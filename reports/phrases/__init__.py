"""How the parts of a report are said in one language.

Comes in: codes and released figures.
Goes out: labels, figures, sentences.
"""
