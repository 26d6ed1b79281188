"""Data quality of each body, as far as the received files tell it.

Comes in: landed rows, receipts and decisions.
Goes out: measures, questions to the body, a page it can be handed.
"""
