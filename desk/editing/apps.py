"""The application that Django makes tables for."""

from __future__ import annotations

from django.apps import AppConfig


class Editing(AppConfig):
    """Drafts of editors."""

    name = "desk.editing"
    label = "editing"
