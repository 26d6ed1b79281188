"""Scanning untrusted workbooks of Excel 97 to 2003 (.xls).

Comes in: the bytes of a file.
Goes out: facts of its sheets, findings.
"""
