"""What a report finds: key results, headline figures, changes, missing reports, figures that others published.

Comes in: the report model.
Goes out: findings as data.
"""
