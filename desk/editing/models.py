"""Editors' drafts, in the desk's own database: what is typed outlives an error, a lost session and a closed browser."""

from __future__ import annotations

from django.db import models


class Draft(models.Model):
    """What a person typed for a file of `prose/` and has not saved.

    Attributes:
        opened: version of the stored text that she began with.
    """

    person: models.CharField[str] = models.CharField(max_length=40)
    name: models.CharField[str] = models.CharField(max_length=200)
    text: models.TextField[str] = models.TextField()
    opened: models.CharField[str] = models.CharField(max_length=64, blank=True)

    class Meta:
        """One draft of a person for each file."""

        constraints = (models.UniqueConstraint(fields=["person", "name"], name="one_draft_a_file"),)
