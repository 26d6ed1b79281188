"""Terminal output: options that many commands share, refusals and tables in the reader's language.

Comes in: the results of a command.
Goes out: lines on a terminal, or JSON.
"""
