"""One file a group of commands: each calls a floor below and prints what it said.

Comes in: parsed options.
Goes out: an exit code.
"""
