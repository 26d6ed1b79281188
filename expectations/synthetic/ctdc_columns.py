"""A synthetic file in the columns of the Global Synthetic Dataset of the Counter-Trafficking Data Collaborative (CTDC).

Belongs here: CTDC's column names, typed in from its public dataset (Global Synthetic Dataset, ctdatacollaborative.org;
names truncated to 32 characters there), and which of our codes map to them.
Does not belong here: anything that needs true records: this only rewrites a file that is synthetic already.

A blank means "not recorded", as in CTDC. What CTDC's categories cannot express without guessing is left blank: the
region, a foreign citizenship, the means at recruitment other than false promises, the age at exploitation.
"""

from __future__ import annotations

import pandas as pd

_MEANS = (
    *("DebtBondage", "TakesEarnings", "Threats", "PsychologicalAbuse", "PhysicalAbuse", "SexualAbuse", "FalsePromises"),
    *("PsychoactiveSubsta", "RestrictsMovement", "RestrictsMedicalCa", "ExcessiveWorkingHo", "ThreatOfLawEnforce"),
    *("WithholdsNecessiti", "WithholdsDocuments", "Other"),
)
COLUMNS = (
    *("yearOfRegistration", "gender", "ageBroad", "majorityStatusAtExploit", "traffickMonths"),
    *("citizenship", "CountryOfExploitation"),
    *(f"meansOfControl{means}" for means in _MEANS),
    *("isForcedLabour", "isSexualExploit", "isOtherExploit"),
    *(f"typeOfLabour{kind}" for kind in ("Agriculture", "Construction", "DomesticWork", "Hospitality", "Other")),
    *(f"typeOfSex{kind}" for kind in ("Prostitution", "Pornography", "Other")),
    *(f"recruiterRelation{kind}" for kind in ("IntimatePartner", "Friend", "Family", "Other")),
)
_GENDER = {"F": "Female", "M": "Male"}
_AGE = {"Y0T17": "0--17", "Y_GE18": "18+"}  # CTDC's bands are finer; a union of bands is not a guess
_KIND = {
    "FORCED_LABOUR": "isForcedLabour",
    "BEGGING": "isForcedLabour",  # CTDC lists begging among the types of labour
    "SEXUAL": "isSexualExploit",
    "ORGAN": "isOtherExploit",
    "CHILD_SALE": "isOtherExploit",
    "OTHER": "isOtherExploit",
}


def lay_out_records(records: pd.DataFrame, year: str) -> pd.DataFrame:
    """Return synthetic `records` in CTDC's columns (`COLUMNS`), row by row; every value is text, a blank is None."""
    columns = {column: _fill_column(records, None) for column in COLUMNS}
    columns["yearOfRegistration"] = _fill_column(records, year)
    columns["gender"] = _map_codes(records["sex"], _GENDER)
    columns["ageBroad"] = _map_codes(records["age"], _AGE)
    columns["citizenship"] = _map_codes(records["citizenship"], {"IRQ": "IRQ"})
    columns["CountryOfExploitation"] = _fill_column(records, "IRQ")
    columns["meansOfControlFalsePromises"] = _map_codes(records["means"], {"DECEPTION": "1"})
    kinds = _map_codes(records["form"], _KIND)
    for column in sorted(set(_KIND.values())):
        columns[column] = _map_codes(kinds, {kind: str(int(kind == column)) for kind in set(_KIND.values())})
    columns["typeOfLabourOther"] = _map_codes(records["form"], {"BEGGING": "1"})
    return pd.DataFrame(columns, columns=list(COLUMNS))


def _fill_column(records: pd.DataFrame, value: str | None) -> pd.Series:
    return pd.Series([value] * len(records), index=records.index, dtype=object)


def _map_codes(codes: pd.Series, words: dict[str, str]) -> pd.Series:
    return pd.Series([words.get(code) for code in codes], index=codes.index, dtype=object)
