"""What editors add: texts, contacts, a calendar, and the checklist before a report is published.

Comes in: `prose/` of a home.
Goes out: editorial inputs, checked.
"""
