"""The line of thought of a report: findings with their charts, four spreads, silence told once, the quality report.

Comes in: the report model and findings.
Goes out: a `Story` of the edition, from which summary, report and front page are set.
"""
