"""What a report finds: key results, headline figures, changes, who did not report, what others printed.

Comes in: the report model.
Goes out: findings as data.
"""
