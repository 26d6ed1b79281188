"""Renderers: an edition as a site, a PDF, a workbook, charts and maps. They know no release.

Comes in: an edition.
Goes out: bytes of files.
"""
