"""The front desk: the `marsad` command. It parses, calls the floors below and prints.

No rule about data lives here; a command that knows something about a table belongs one floor down.

Comes in: what a person types.
Goes out: words on a terminal, JSON, an exit code.
"""
