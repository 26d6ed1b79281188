"""One file per group of commands: each calls a layer below and prints its result.

Comes in: parsed options.
Goes out: an exit code.
"""
