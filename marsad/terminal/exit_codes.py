"""Exit codes of all commands: 0, 1 or 2, or that of a signal.

Belongs here: which refusals are usage errors. Does not belong here: the text of a refusal (`languages`).

0: done, or accepted. 1: refused: a file, a gate, a lock, or a name that this home does not know. 2: usage error: the
command line would be wrong in every home (an unknown command, option, source, dataset or language, a file that does not
exist or may not be written), or a table given to `estimate` cannot be read. Of several files one that is
refused decides.
130, 143: stopped by Ctrl-C or SIGTERM, as in every shell: 128 and the number of the signal.
"""

from __future__ import annotations

from collections.abc import Collection

from languages.refusal import Refusal

DONE, REFUSED, USAGE = 0, 1, 2

_USAGE_ERRORS = frozenset(
    (
        *("language_unknown", "unknown_source", "unknown_shape", "dataset_unknown", "format_unknown"),
        *(
            "scaffold_kind",
            "scaffold_name",
            "scaffold_ku",
            "trace_key",
            "page_unknown",
        ),
        *("upload_missing", "upload_no_file", "template_output", "mark_output"),
        *("token_same_file", "token_output_exists", "export_into_release", "export_output"),
        *("backup_needs_keys", "backup_key_unreadable", "backup_key_missing", "backup_key_output"),
        *("command_unknown", "trace_column", "page_unknown"),
        *("backup_inside_home", "backup_place_taken", "restore_not_empty"),
        *("restore_needs_name", "restore_name_or_newest"),
        *("public_key_unreadable", "seal_already", "seal_output"),
    )
)
"""Reason codes of refusals for a wrongly typed command."""

_STOPPED = frozenset(("build_stopped", "command_stopped"))
_BASE_OF_SIGNALS = 128


def code_of_refusal(error: Refusal) -> int:
    """Return the exit code of a refused command."""
    if error.code in _STOPPED:
        return _BASE_OF_SIGNALS + int(error.arguments["signal"])
    return USAGE if error.code in _USAGE_ERRORS else REFUSED


def code_of_verdicts(verdicts: Collection[str]) -> int:
    """Return the exit code of a command on files: one that is not taken decides."""
    return DONE if set(verdicts) <= {"accepted", "known"} else REFUSED
