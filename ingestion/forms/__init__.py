"""Workbooks and pages for senders: templates to fill in, marked workbooks, printable pages.

Comes in: cards and findings.
Goes out: bytes of xlsx and HTML.
"""
