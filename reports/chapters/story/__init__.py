"""The argument of a report: findings with charts, four spreads, a table of what nobody reports, the quality report.

Comes in: the report model and findings.
Goes out: the `Story` of an edition, from which summary, report and front page are set.
"""
