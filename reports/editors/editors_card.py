"""A card that editors keep in `prose/`, beside their texts: a YAML file of keys.

Belongs here: reading one. Does not belong here: which keys a card has (`release_calendar.py`, `contact.py`), or texts
(`prose.py`).
"""

from __future__ import annotations

from typing import Any

from ingestion.home import Home
from ingestion.strict_yaml import parse_yaml
from languages.refusal import Refusal


def read_card(home: Home, name: str) -> dict[str, Any] | None:
    """Return the keys of a card; None if the home has no such file, empty if the file does not hold keys.

    Raises:
        Refusal: `card_invalid` for a file that is not YAML.
    """
    path = home.prose / name
    if not path.is_file():
        return None
    try:
        content = parse_yaml(path.read_bytes())
    except ValueError as error:
        raise Refusal("card_invalid", where=name, field="yaml", problem="unreadable", nearest="-") from error
    return {str(key): value for key, value in content.items()} if isinstance(content, dict) else {}
