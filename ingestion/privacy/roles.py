"""The roles in which somebody may say that a word names nobody: a closed list, where no person's name can stand.

Belongs here: the roles and on which side of the door each one is. Does not belong here: their words (`languages`, under
`role.<role>`), what a role confirmed (`confirmed_words.py`).
"""

from __future__ import annotations

SENDER_ROLES = ("focal_point", "head_of_section", "records_officer", "statistics_officer")
"""Of a body that sends files."""

TASK_FORCE_ROLES = ("data_officer", "legal_officer", "protection_officer", "secretariat", "statistician")
"""Of the task force, which keeps the home."""
