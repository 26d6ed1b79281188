"""The `marsad` command: it parses arguments, calls the layers below and prints.

No rule about data is here; a command that knows something about a table belongs one layer down.

Comes in: what a person types.
Goes out: text on a terminal, JSON, an exit code.
"""
