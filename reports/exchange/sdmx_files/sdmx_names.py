"""Names in all languages for a structure message: pysdmx writes only the English ones.

Belongs here: adding `Name` and `Description` elements to a message that pysdmx wrote. Does not belong here: the names
(`sdmx_structure.py`), any other change to a message.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from lxml import etree

from reports.exchange.sdmx_files.sdmx_structure import Place

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_MAINTAINED = {"AgencyScheme", "Codelist", "ConceptScheme", "DataStructure", "Dataflow"}


def localise_names(
    message: str, names: Mapping[Place, Mapping[str, str]], descriptions: Mapping[Place, Mapping[str, str]]
) -> bytes:
    """Return a structure message with every name and description in all its languages, English first.

    Args:
        message: SDMX-ML as pysdmx wrote it, with English names.
        names: of every artefact and part, by language.
        descriptions: of the parts that have one, by language.

    Returns:
        UTF-8.
    """
    root = etree.fromstring(message.encode("utf-8"))
    for kind, texts in (("Name", names), ("Description", descriptions)):
        for english in [element for element in root.iter("{*}" + kind) if element.get(_LANGUAGE) == "en"]:
            _add(english, texts)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _add(english: Any, texts: Mapping[Place, Mapping[str, str]]) -> None:  # noqa: ANN401  an element of lxml
    """Insert the other languages after an English text, in their order."""
    translations = texts[_place_of_element(english.getparent())]
    for tag in reversed([tag for tag in translations if tag != "en"]):
        other = deepcopy(english)
        other.set(_LANGUAGE, tag)
        other.text = translations[tag]
        english.addnext(other)


def _place_of_element(owner: Any) -> Place:  # noqa: ANN401  an element of lxml
    """Return the artefact that an element belongs to, and the part of it."""
    if etree.QName(owner).localname in _MAINTAINED:
        return owner.get("id"), ""
    return owner.getparent().get("id"), owner.get("id")
