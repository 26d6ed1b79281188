"""`marsad seal`, `marsad sealing-key`: sealing a file for its way to the task force, and the key that opens it there.

Does not belong here: sealing and keys (`ingestion/sealing`), asking for a passphrase (`terminal/passphrases.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ingestion.home import Home
from marsad.terminal import chosen_language, console
from marsad.terminal.cli_options import AsJson, Language

app = typer.Typer()


@app.command()
def seal(
    file: Annotated[Path, typer.Argument(help="The file to send. It stays as it is.")],
    to: Annotated[
        list[str] | None, typer.Option("--to", help="A public key, age1…; by default those in the file itself.")
    ] = None,
    template: Annotated[
        Path | None, typer.Option("--template", help="Take the keys from this template of the task force.")
    ] = None,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Seal a file for its way: only the task force can open FILE.age, which is written next to it."""
    from ingestion.sealing import age_keys, sealed_files
    from languages.refusal import Refusal

    chosen_language.speak(language)
    keys = tuple(key.strip() for key in to or ()) or sealed_files.keys_in_template(template or file)
    if not all(map(age_keys.is_public_key, keys)):
        raise Refusal("public_key_unreadable", where="--to")
    if not Home.at().is_invented:
        age_keys.refuse_demo_key(keys, "--to" if to else str(template or file))
    sealed = sealed_files.seal_file(file, keys)
    if as_json:
        console.document({"sealed": str(sealed), "keys": keys})
        return
    words = chosen_language.words()
    console.say(words.text("desk.sealed", path=str(sealed)))
    for key in keys:
        console.say(f"  {key}")


@app.command("sealing-key")
def sealing_key(
    recovery: Annotated[
        str, typer.Option(help="The recovery key, age1…, from marsad backup-key; its secret part lies elsewhere.")
    ],
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Make the pair of keys for files that senders seal; the secret one stays in the home, under a passphrase."""
    from ingestion.sealing import sealing_keys
    from marsad.terminal import passphrases

    chosen_language.speak(language)
    words = chosen_language.words()
    checked = sealing_keys.check_recovery(recovery)
    home = Home.at().open().for_real_files()
    sealing_keys.refuse_second_pair(home)
    public = sealing_keys.make_pair(home, checked, passphrases.ask_new(words))
    if as_json:
        console.document({"task_force": public[0], "recovery": public[1]})
        return
    console.say(words.text("desk.sealing_key_made", folder=str(home.keys / "sealing")))
    for key in public:
        console.say(f"  {key}")
