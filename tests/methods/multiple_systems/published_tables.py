"""Overlap tables that were published, with the estimates that were published of them.

The counts and figures are facts, typed in. Korea: comfort women, three lists; Kosovo: killings 1999, four lists (Ball
and others 2002); UKdat_5: modern slavery 2013, five lists (Home Office 2014); the third is an artificial table of Chan,
Silverman and Vincent (2021). As tabulated with the R packages SparseMSE 2.0.1 and MultipleSystemsEstimation 1.2.0.
Hepatitis: an outbreak at a college of Taiwan, serum, reports of hospitals, questionnaires (Chao and others 2001).
Diabetes: residents of Casale Monferrato (International Working Group for Disease Monitoring and Forecasting 1995).
"""

from __future__ import annotations

from methods.multiple_systems.overlap_table import OverlapTable


def table(lists: str, rows: str) -> OverlapTable:
    """A table of rows such as `101:12`, in the order of the lists."""
    pairs = [row.split(":") for row in rows.split()]
    return OverlapTable.from_patterns(lists.split(), [([int(bit) for bit in bits], int(n)) for bits, n in pairs])


KOREA = table("b c d", "001:41 010:5 100:5 110:54 101:6 011:0 111:12")
KOSOVO = table(
    "EXH ABA OSCE HRW",
    "1000:1131 0100:845 0010:936 0001:306 1100:177 1010:228 1001:106 0110:217 0101:31 0011:123 1110:181 1101:18 "
    "1011:42 0111:32 1111:27",
)
UK_5 = table(
    "LA NG PFNCA GO GP",
    "10000:54 01000:463 00100:995 00010:695 00001:316 11000:15 10100:19 10010:3 01100:62 01010:19 01001:1 00110:76 "
    "00101:11 00011:8 11100:1 11010:1 01110:4 11110:1",
)
ARTIFICIAL = table("A B C", "100:40 010:30 001:20 110:6")
HEPATITIS = table("P Q E", "001:63 010:55 011:18 100:69 101:17 110:21 111:28")
DIABETES = table(
    "clinic hospital prescriptions strips",
    "0001:10 0010:182 0011:8 0100:74 0101:7 0110:20 0111:14 1000:709 1001:12 1010:650 1011:46 1100:104 1101:18 "
    "1110:157 1111:58",
)
