"""How the command speaks: options that many commands share, refusals and tables in the reader's language.

Comes in: what a command has to say.
Goes out: lines on a terminal, or JSON.
"""
