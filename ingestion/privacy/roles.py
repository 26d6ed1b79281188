"""The roles that may confirm that a word names nobody: a closed list, so that no person's name is recorded.

Belongs here: the roles, of senders and of the task force. Does not belong here: their texts (`languages`, under
`role.<role>`), what a role confirmed (`confirmed_words.py`).
"""

from __future__ import annotations

SENDER_ROLES = ("focal_point", "head_of_section", "records_officer", "statistics_officer")
"""Of an agency that sends files."""

TASK_FORCE_ROLES = ("data_officer", "legal_officer", "protection_officer", "secretariat", "statistician")
"""Of the task force, which runs the home."""
