"""The settings of Django for one home.

Belongs here: what the framework is told, with the reason where it is not its default. Does not belong here: addresses,
views, who may do what (the home's roster).

    <home>/desk/desk.sqlite3    accounts, sessions, second factors, failed sign-ins, editors' drafts
               /secret.key      signs sessions and forms; another one ends all sessions
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from ingestion.home import Home, make_folder, write_bytes

NAME = "desk"
LARGEST_UPLOAD = 25_000_000
"""Bytes of a file: they are held in memory, never on disk."""
LARGEST_REQUEST = LARGEST_UPLOAD + 1_000_000
"""A file as large as may be, and what a form adds to it."""
TOO_MANY = "X_TOO_MANY_LARGE_ONES"
"""The header that the server gives to a request of which it held the first part only, because it holds others whole."""
_HERE = Path(__file__).parent
_SECONDS_OF_SESSION = 8 * 3600
"""A working day."""
ATTEMPTS, MINUTES_LOCKED = 5, 15
"""Wrong passwords after which an account is locked, and for how long."""


def configure(home: Home, *, hosts: tuple[str, ...] = ()) -> None:
    """Tell Django how it runs for a home, once in a process.

    Args:
        home: whose accounts and pages these are.
        hosts: the names by which browsers ask a proxy with TLS in front; with any, cookies travel by nothing else.
    """
    settings.configure(**settings_of(home, hosts))
    django.setup()


def settings_of(home: Home, hosts: tuple[str, ...]) -> dict[str, Any]:
    """Return Django's settings for a home."""
    is_behind_tls = bool(hosts)
    folder = home.root / NAME
    make_folder(folder)
    return {
        "ALLOWED_HOSTS": [*hosts] if is_behind_tls else ["127.0.0.1", "localhost"],
        "SECURE_SSL_REDIRECT": is_behind_tls,  # who asks past the proxy is sent to it
        "ROOT_URLCONF": "desk.urls",
        "WSGI_APPLICATION": None,
        "SECRET_KEY": _secret(folder),
        "DEBUG": False,
        "USE_TZ": True,
        "TIME_ZONE": "UTC",  # of acts and receipts: at night in Baghdad two days stood on pages of one hour
        "USE_I18N": False,  # texts come from `languages`
        "INSTALLED_APPS": [
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.staticfiles",
            "django_otp",
            "django_otp.plugins.otp_totp",
            "django_otp.plugins.otp_static",
            "axes",
            "django_htmx",
            "csp",
            "desk.pages",
            "desk.editing",
        ],
        "MIDDLEWARE": [
            "django.middleware.security.SecurityMiddleware",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "csp.middleware.CSPMiddleware",
            "desk.pages.middleware.NeverStored",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django_otp.middleware.OTPMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
            "django_htmx.middleware.HtmxMiddleware",
            "desk.pages.middleware.InWords",
            "desk.identity.who_is_there.WhoIsThere",
            "axes.middleware.AxesMiddleware",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [_HERE / "templates"],
                "APP_DIRS": False,
                "OPTIONS": {
                    "builtins": ["desk.pages.tags"],
                    "context_processors": ["django.template.context_processors.request"],
                    "libraries": {"django_htmx": "django_htmx.templatetags.django_htmx"},
                },
            }
        ],
        "DATABASES": {"default": _sqlite(folder)},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "STATIC_URL": "/static/",
        "STATICFILES_DIRS": [_HERE / "static", ("help", _HERE.parent / "docs" / "pictures" / "desk")],
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_AUTOREFRESH": False,
        "STORAGES": {
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        # Of what is uploaded nothing touches the disk: there is no handler that writes, and none takes a larger file.
        "FILE_UPLOAD_HANDLERS": ["django.core.files.uploadhandler.MemoryFileUploadHandler"],
        "FILE_UPLOAD_MAX_MEMORY_SIZE": LARGEST_REQUEST,
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 1_000_000,  # of fields
        "DATA_UPLOAD_MAX_NUMBER_FILES": 1,
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
            {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
        ],
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
        "AUTHENTICATION_BACKENDS": ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"],
        "LOGIN_URL": "sign_in",
        "SESSION_COOKIE_AGE": _SECONDS_OF_SESSION,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "SESSION_COOKIE_SECURE": is_behind_tls,
        "CSRF_COOKIE_SECURE": is_behind_tls,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_FAILURE_VIEW": "desk.pages.failures.forged",
        "SECURE_HSTS_SECONDS": 31_536_000 if is_behind_tls else 0,
        "SECURE_REFERRER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "CONTENT_SECURITY_POLICY": {
            "DIRECTIVES": {
                "default-src": ["'none'"],
                "script-src": ["'self'"],
                "style-src": ["'self'"],
                "img-src": ["'self'", "data:"],
                "font-src": ["'self'"],
                "connect-src": ["'self'"],
                "form-action": ["'self'"],
                "frame-src": ["'self'"],
                "frame-ancestors": ["'none'"],
                "base-uri": ["'none'"],
            }
        },
        "AXES_FAILURE_LIMIT": ATTEMPTS,
        "AXES_COOLOFF_TIME": MINUTES_LOCKED / 60,
        # Whoever types wrong passwords locks an account for the own address alone, and prolongs nothing.
        "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
        "AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT": False,
        "AXES_RESET_ON_SUCCESS": True,
        "AXES_DISABLE_ACCESS_LOG": True,  # who signed in stands in the log of the home
        "AXES_LOCKOUT_CALLABLE": "desk.identity.views.locked_out",
        "AXES_SENSITIVE_PARAMETERS": ["name", "password", "csrfmiddlewaretoken", "next"],
        "AXES_USERNAME_CALLABLE": "desk.identity.attempts.name_of_attempt",
        "AXES_CLIENT_IP_CALLABLE": "desk.identity.attempts.address_of_attempt",
        "AXES_WHITELIST_CALLABLE": "desk.identity.attempts.is_never_locked",
        "AXES_VERBOSE": False,
        "OTP_TOTP_ISSUER": "Marsad",
        "LOGGING_CONFIG": None,
    }


def _sqlite(folder: Path) -> dict[str, Any]:
    options = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL;", "timeout": 20}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "desk.sqlite3", "OPTIONS": options}


def _secret(folder: Path) -> str:
    """Return the secret of a desk, made once."""
    path = folder / "secret.key"
    if not path.exists():
        write_bytes(path, secrets.token_hex(32).encode("ascii"), mode=0o600)
    return path.read_text(encoding="ascii")
