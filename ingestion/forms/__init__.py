"""Workbooks and pages that senders are handed: templates to fill in, marked workbooks, printable pages.

Comes in: cards and findings.
Goes out: bytes of xlsx and HTML.
"""
