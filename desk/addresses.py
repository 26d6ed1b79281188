"""The addresses of the desk.

Does not belong here: views. Each room of a task adds its own here; a view without roles answers nobody.
"""

from __future__ import annotations

from django.urls import path

from desk.identity import views as identity
from desk.identity.access import EVERYBODY, allow
from desk.pages.choosing import choose_language

urlpatterns = [
    path("", identity.tasks, name="tasks"),
    path("sign-in", identity.sign_in, name="sign_in"),
    path("sign-out", identity.sign_out, name="sign_out"),
    path("second-factor", identity.second_factor, name="second_factor"),
    path("language", allow(*EVERYBODY)(choose_language), name="language"),
]
handler404 = "desk.pages.failures.unknown"
handler500 = "desk.pages.failures.faulty"
