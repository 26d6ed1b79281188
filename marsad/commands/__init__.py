"""One file per group of commands: their options, and how their answers are printed, as text or as JSON.

Comes in: what a person typed.
Goes out: lines on a terminal, an exit code.
"""
