"""A person's own account: her password, her second factor, a form of hers that could not be answered.

Does not belong here: accounts of others (`desk/administering`).
"""

from __future__ import annotations

import base64
import io
from typing import Any, cast

import qrcode
import qrcode.image.svg
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe
from django_otp import login as verify_device
from django_otp.plugins.otp_totp.models import TOTPDevice

from desk.identity import accounts
from desk.identity.access import ALL_ROLES, allow, person_of
from desk.pages import typed_forms
from desk.pages.request import Request
from desk.pages.showing import show, show_refusal
from ingestion.people.acts_log import log_look
from languages.refusal import Refusal


@allow(*ALL_ROLES, before_own_password=True)
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: Request) -> HttpResponse:
    """Ask for another password, twice, and for the one of today; who signed in by one for a single time has none."""
    asks_for_old = not request.session.get(accounts.ONCE)
    if request.method != "POST":
        return show(request, "own_password.html", asks_for_old=asks_for_old)
    if asks_for_old and not accounts.is_her_password(request, request.POST.get("old", "")):
        return show(request, "own_password.html", status=422, asks_for_old=True, is_wrong=True)
    first, second = request.POST.get("password", ""), request.POST.get("again", "")
    if first != second:
        return show(request, "own_password.html", status=422, asks_for_old=asks_for_old, differs=True)
    try:
        with transaction.atomic():  # what cannot be logged is not done
            accounts.set_password(request.home, person_of(request).person, first)
            log_look(request.home, person_of(request).person, "desk changed-password", kind="account")
    except Refusal as error:
        return show_refusal(request, error, "own_password.html", asks_for_old=asks_for_old)
    user = cast(User, request.user)
    user.refresh_from_db()
    update_session_auth_hash(request, user)
    request.session[accounts.ONCE] = False
    return redirect("tasks")


@allow(*ALL_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def enter_second_factor(request: Request) -> HttpResponse:
    """Show the picture that a telephone reads, and take the number that it then shows; only then is it asked for."""
    if request.method != "POST":
        entered = TOTPDevice.objects.filter(user=request.user, confirmed=False)
        if request.typed is None or not entered:  # in another language it is the picture that the telephone has read
            entered.delete()
            TOTPDevice.objects.create(user=request.user, name="telephone", confirmed=False)
        return _show_device(request, entered.get())
    device = TOTPDevice.objects.filter(user=request.user, confirmed=False).last()
    if device is None:
        return redirect("enter_second_factor")
    if not accounts.is_her_password(request, request.POST.get("password", "")):
        return _show_device(request, device, status=422, is_wrong=True)
    earlier = accounts.wait_after_wrong_numbers(request.user, confirmed=False)
    if earlier or not device.verify_token(request.POST.get("token", "").strip()):
        wait = earlier or accounts.wait_after_wrong_numbers(request.user, confirmed=False)
        return _show_device(request, device, status=422, has_failed=not earlier, wait=wait)
    log_look(request.home, person_of(request).person, "desk changed-telephone", kind="account")
    TOTPDevice.objects.filter(user=request.user, confirmed=True).delete()
    device.confirmed = True
    device.save()
    verify_device(request, device)
    request.session.cycle_key()
    return redirect("/?telephone")


@allow(*ALL_ROLES)
@require_safe
def show_typed(request: Request) -> HttpResponse:
    """Show the form that is held for who asks, to be sent once more."""
    form = typed_forms.find(person_of(request).person)
    return show(request, "typed.html", form=form) if form else redirect("tasks")


def _show_device(request: Request, device: TOTPDevice, **state: Any) -> HttpResponse:  # noqa: ANN401 - as `show`
    picture = io.BytesIO()
    qrcode.make(device.config_url, image_factory=qrcode.image.svg.SvgPathImage).save(picture)
    address = "data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode("ascii")
    secret = base64.b32encode(device.bin_key).decode("ascii")
    return show(request, "own_second_factor.html", picture=address, secret=secret, **state)
