"""What editors add: texts, contacts, calendar, and the checklist before a report is out.

Comes in: `prose/` of a home.
Goes out: editorial inputs, checked.
"""
