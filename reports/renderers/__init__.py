"""Renderers: an edition as a site, a PDF, a workbook, charts and maps. They do not read releases.

Comes in: an edition.
Goes out: bytes of files.
"""
