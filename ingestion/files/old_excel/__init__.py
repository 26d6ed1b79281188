"""Workbooks of Excel 97 to 2003 (.xls), looked at with distrust.

Comes in: the bytes of a file.
Goes out: facts of its sheets, texts outside the cells, findings.
"""
