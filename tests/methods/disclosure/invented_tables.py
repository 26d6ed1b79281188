"""Invented tables for the disclosure tests: a seeded year of a country like Iraq, and small ones with known answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd

from methods.disclosure.table_model import COORDINATES, DIMENSIONS, Relation, TableModel, build_model

SEX = ("F", "M", "_U")
AGE = ("Y0T17", "Y_GE18", "_U")
FORM = ("SEXUAL", "FORCED_LABOUR", "BEGGING", "ORGAN", "CHILD_SALE", "OTHER", "MULTIPLE", "_U")
LEAVES = (*(f"IQG{number:02d}" for number in range(1, 16)), "IQ-FED-U")
ANCESTORS = dict.fromkeys(LEAVES, ("IQ-FED",))
VICTIMS = ("PRT-01/COUNT", "PRT-03/NUMERATOR", "NCR-01/NUMERATOR")
VICTIM_RELATIONS = tuple(Relation(measure, "subset", VICTIMS[0]) for measure in VICTIMS[1:])
REGION_TABLES = ((), ("form",), ("sex",), ("age",), ("sex", "age"), ("age", "form"))
LEAF_TABLES = ((), ("form",), ("sex",), ("age",))


def frame(rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """Coordinates of the rows; what a row does not name is a total."""
    return pd.DataFrame([[row.get(name, "_T") for name in COORDINATES] for row in rows], columns=list(COORDINATES))


def crossed(measure: str, areas: Sequence[str], categories: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Every combination of the areas and categories."""
    names = [name for name in DIMENSIONS if name in categories]
    combinations = product(areas, *(categories[name] for name in names))
    return frame(
        [{"measure": measure, "area": area, **dict(zip(names, rest, strict=True))} for area, *rest in combinations]
    )


def victim_model(leaves: Sequence[str] = LEAVES, measures: Sequence[str] = VICTIMS) -> TableModel:
    """The block of presumed, identified and charged victims of one year."""
    categories = {"sex": SEX, "age": AGE, "form": FORM}
    base = pd.concat([crossed(measure, leaves, categories) for measure in measures])
    cells = [
        crossed(measure, areas, {name: categories[name] for name in table})
        for measure in measures
        for areas, tables in ((("IQ-FED",), REGION_TABLES), (tuple(leaves), LEAF_TABLES))
        for table in tables
    ]
    relations = [relation for relation in VICTIM_RELATIONS if relation.measure in measures]
    return build_model(base, pd.concat(cells), relations, ancestors=dict.fromkeys(leaves, ("IQ-FED",)), merged={})


def victim_year(seed: int, events: int, leaves: Sequence[str] = LEAVES) -> np.ndarray:
    """True base counts of one year, in the order of `victim_model().base`."""
    random = np.random.default_rng(seed)
    weight = 1 / np.arange(1, len(leaves) + 1)
    leaf = random.choice(len(leaves), events, p=weight / weight.sum())
    form = random.choice(len(FORM), events, p=[0.38, 0.22, 0.17, 0.06, 0.04, 0.05, 0.05, 0.03])
    female = np.array([0.93, 0.3, 0.45, 0.25, 0.5, 0.5, 0.6, 0.6])[form]
    child = np.array([0.25, 0.2, 0.8, 0.05, 0.97, 0.3, 0.3, 0.3])[form]
    sex = np.where(random.random(events) < 0.05, 2, np.where(random.random(events) < female, 0, 1))
    age = np.where(random.random(events) < 0.07, 2, np.where(random.random(events) < child, 0, 1))
    cell = ((leaf * len(SEX) + sex) * len(AGE) + age) * len(FORM) + form
    size = len(leaves) * len(SEX) * len(AGE) * len(FORM)
    identified, charged = random.random(events) < 0.72, random.random(events) < 0.12
    counts = [np.bincount(cell[chosen], minlength=size) for chosen in (np.ones(events, bool), identified, charged)]
    return np.concatenate(counts)
