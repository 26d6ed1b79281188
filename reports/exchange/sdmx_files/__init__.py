"""The parts of an SDMX export: structure, messages, names in all languages.

Comes in: a released folder.
Goes out: SDMX messages.
"""
