"""Data quality of each agency, as far as the received files show it.

Comes in: landed rows, receipts and decisions.
Goes out: measures, questions to the agency, a page for it.
"""
