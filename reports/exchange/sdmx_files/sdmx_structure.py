"""The structure of a release in SDMX terms: concepts, code lists, data structure, dataflow, agency.

Belongs here: from the columns of a release to pysdmx's model, names in English; and the names in all languages, for
`sdmx_names.py`, because pysdmx's model holds one language.
Does not belong here: writing messages (`sdmx.py`), or a list of dimensions: they are those of the release.

Every artefact belongs to one release: its identifier begins with the dataset, its version is the release's number,
since code lists hold what that release allows. `FREQ` is added: time-series tools need it, and every figure is annual.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pysdmx.model import (
    Agency,
    AgencyScheme,
    Code,
    Codelist,
    Component,
    Components,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructureDefinition,
    DataType,
    Role,
)

from reports.exchange.sdmx_files.sdmx_messages import AGENCY
from reports.phrases import labels
from reports.released.released_folder import ReleasedFolder

_TYPES = {"number": DataType.DECIMAL, "integer": DataType.INTEGER, "year": DataType.YEAR}
_CONCEPT = "urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept"
_TIME, _VALUE, _FREQ = "time_period", "obs_value", "freq"
Artefact = AgencyScheme | Codelist | ConceptScheme | DataStructureDefinition | Dataflow
Place = tuple[str, str]
"""An artefact's identifier and that of its part (`CL_…`, `F`); '' for the artefact itself."""


@dataclass(frozen=True)
class SdmxStructure:
    """The structure of one release.

    Attributes:
        artefacts: in the order of a structure message.
        definition: the data structure.
        names: of every artefact and part, by language.
        descriptions: of the parts that have one, by language.
    """

    artefacts: tuple[Artefact, ...]
    definition: DataStructureDefinition
    dataflow: Dataflow
    names: dict[Place, dict[str, str]]
    descriptions: dict[Place, dict[str, str]]


def structure(released: ReleasedFolder, version: str) -> SdmxStructure:
    """Return the structure of a release; `version` is `3.0.0` for SDMX 3.0 and `3.0` for 2.1, where 3 is its number.

    Args:
        released: a release; its descriptor gives columns and code lists.
        version: of the structures, as the SDMX version writes it.
    """
    maker = _StructureMaker(released, version)
    lists = {column: maker.code_list(column) for column in maker.columns if maker.codes(column)}
    concepts = maker.concepts(lists)
    components = Components([maker.component(column, concepts) for column in maker.columns])
    identifier = released.dataset.upper()
    title = maker.title_of(identifier)
    definition = DataStructureDefinition(
        id=identifier, name=title, agency=AGENCY, version=version, components=components
    )
    flow = Dataflow(id=identifier, name=title, agency=AGENCY, version=version, structure=definition)
    agencies = AgencyScheme(
        id="AGENCIES",
        name=maker.name_place(("AGENCIES", ""), labels.in_languages(lambda words: words.text("exchange.agency"))),
        agency="SDMX",
        version="1.0",
        items=[Agency(id=AGENCY, name=maker.name_place(("AGENCIES", AGENCY), maker.names[("AGENCIES", "")]))],
    )
    artefacts = (agencies, *lists.values(), concepts, definition, flow)
    return SdmxStructure(artefacts, definition, flow, maker.names, maker.descriptions)


class _StructureMaker:
    """Makes the artefacts of one release and records the name of each in every language."""

    def __init__(self, released: ReleasedFolder, version: str) -> None:
        self.released, self.version = released, version
        self.names: dict[Place, dict[str, str]] = {}
        self.descriptions: dict[Place, dict[str, str]] = {}
        self.columns = tuple(self._order_columns())

    def _order_columns(self) -> Iterator[str]:
        """Yield dimensions with the period last, then the figure, then attributes."""
        yield from (_FREQ, *(column for column in self.released.key if column != _TIME), _TIME, _VALUE)
        yield from self.released.attributes

    def codes(self, column: str) -> tuple[str, ...]:
        return ("A",) if column == _FREQ else () if column in (_TIME, _VALUE) else self.released.codes(column)

    def name_place(self, place: Place, names: dict[str, str]) -> str:
        """Record the names of a place and return the English one."""
        self.names[place] = names
        return names["en"]

    def title_of(self, identifier: str) -> str:
        return self.name_place(
            (identifier, ""),
            labels.in_languages(lambda words: labels.dataset(self.released.dataset, self.released.package, words)),
        )

    def code_list(self, column: str) -> Codelist:
        identifier = f"CL_{self.released.dataset}_{column}".upper()
        codes = [
            Code(
                id=value,
                name=self.name_place(
                    (identifier, value),
                    labels.in_languages(lambda words, value=value: self._code(column, value, words)),
                ),
            )
            for value in self.codes(column)
        ]
        name = self.name_place((identifier, ""), labels.in_languages(lambda words: labels.column(column, words)))
        return Codelist(id=identifier, name=name, agency=AGENCY, version=self.version, items=codes)

    def _code(self, column: str, value: str, words: labels.Words) -> str:
        return words.text("exchange.annual") if column == _FREQ else labels.code(column, value, words)

    def concepts(self, lists: dict[str, Codelist]) -> ConceptScheme:
        identifier = f"CS_{self.released.dataset}".upper()
        concepts: list[Concept] = []
        for column in self.columns:
            place = (identifier, column.upper())
            name = self.name_place(
                place, labels.in_languages(lambda words, column=column: labels.column(column, words))
            )
            description = labels.in_languages(lambda words, column=column: labels.explanation(column, words))
            self.descriptions[place] = description
            concepts.append(
                Concept(
                    id=column.upper(),
                    urn=f"{_CONCEPT}={AGENCY}:{identifier}({self.version}).{column.upper()}",
                    name=name,
                    description=description["en"],
                    codes=lists.get(column),
                    dtype=None if column in lists else self._type(column),
                )
            )
        title = labels.in_languages(
            lambda words: words.text(
                "exchange.concepts", title=labels.dataset(self.released.dataset, self.released.package, words)
            )
        )
        name = self.name_place((identifier, ""), title)
        return ConceptScheme(id=identifier, name=name, agency=AGENCY, version=self.version, items=concepts)

    def _type(self, column: str) -> DataType:
        return DataType.STRING if column == _FREQ else _TYPES.get(self.released.type_of(column), DataType.STRING)

    def component(self, column: str, concepts: ConceptScheme) -> Component:
        concept = concepts[column.upper()]
        if concept is None:
            raise KeyError(column)
        role = Role.MEASURE if column == _VALUE else Role.ATTRIBUTE
        role = Role.DIMENSION if column in (_FREQ, *self.released.key) else role
        return Component(
            id=column.upper(),
            required=role == Role.DIMENSION or (column != _VALUE and self.released.is_required(column)),
            role=role,
            concept=concept,
            local_codes=concept.codes,
            local_dtype=concept.dtype,
            attachment_level="O" if role == Role.ATTRIBUTE else None,
        )
