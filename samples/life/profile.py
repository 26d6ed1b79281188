"""The numbers of the invented country: shares, weights and sizes.

Belongs here: the numbers that `country.py` draws with. All are invented; only their order of magnitude (some hundred
victims a year, about half of them in Baghdad, the forms by sex and age) follows what is publicly known of Iraq.
Does not belong here: draws, or what an agency sees of the country (`views.py`).
"""

from __future__ import annotations

FEDERAL_EVENTS = {
    2016: 214, 2017: 236, 2018: 268, 2019: 292, 2020: 228,
    2021: 284, 2022: 326, 2023: 398, 2024: 426, 2025: 412,
}  # fmt: skip
OTHER_YEAR_EVENTS = 300
REGION_SHARE = 0.22  # victim-events in the Kurdistan Region, per federal one

FEDERAL_AREAS = {
    "IQG08": 0.50, "IQG02": 0.09, "IQG15": 0.07, "IQG17": 0.05, "IQG07": 0.05, "IQG04": 0.04, "IQG12": 0.035,
    "IQG10": 0.035, "IQG01": 0.03, "IQG13": 0.03, "IQG05": 0.03, "IQG18": 0.025, "IQG16": 0.025, "IQG14": 0.02,
    "IQG03": 0.015,
}  # fmt: skip
# One governorate inspects more from then on: its inspectors found victims of forced labour who went undetected before.
LOOKING_AREA, LOOKING_FROM = "IQG15", 2024
LOOKING_TIMES = 2.2  # times as many cases as before
LOOKING_FOUND_SHARE = 0.5  # share of its forced labour cases that labour inspectors find
LOOKING_INSPECTIONS = 16  # extra inspections per year, compared with elsewhere
REGION_AREAS = {"IQG11": 0.42, "IQG06": 0.34, "IQG09": 0.21, "IQG06Q05": 0.03}

FORMS = {
    "SEXUAL": 0.37, "FORCED_LABOUR": 0.27, "BEGGING": 0.20, "ORGAN": 0.085, "CHILD_SALE": 0.03,
    "FORCED_MARRIAGE": 0.025, "FORCED_CRIMINALITY": 0.01, "SLAVERY": 0.008, "MEDICAL_EXPERIMENT": 0.002, "OTHER": 0.01,
}  # fmt: skip

# form -> (sex, youngest, oldest) -> weight
VICTIMS = {
    "SEXUAL": {("F", 18, 45): 0.70, ("F", 12, 17): 0.30},
    "FORCED_LABOUR": {("M", 18, 50): 0.58, ("F", 18, 45): 0.30, ("M", 8, 17): 0.08, ("F", 10, 17): 0.04},
    "BEGGING": {("M", 4, 17): 0.46, ("F", 4, 17): 0.40, ("F", 18, 60): 0.09, ("M", 18, 65): 0.05},
    "ORGAN": {("M", 18, 40): 0.75, ("F", 18, 40): 0.20, ("M", 16, 17): 0.05},
    "CHILD_SALE": {("M", 0, 1): 0.50, ("F", 0, 1): 0.50},
    "FORCED_MARRIAGE": {("F", 12, 17): 0.65, ("F", 18, 25): 0.35},
    "FORCED_CRIMINALITY": {("M", 10, 17): 0.60, ("M", 18, 25): 0.20, ("F", 12, 17): 0.20},
    "SLAVERY": {("F", 18, 40): 0.50, ("M", 18, 40): 0.50},
    "MEDICAL_EXPERIMENT": {("M", 18, 40): 0.50, ("F", 18, 40): 0.50},
    "OTHER": {("F", 18, 40): 0.50, ("M", 18, 40): 0.50},
}
# Male victims of sexual exploitation are few and in the largest governorate only, so that no published margin of any
# area (males, non-sexual forms) reveals one: there are fewer males than victims of non-sexual forms.
MALE_SEXUAL_AREA = "IQG08"
MALE_SEXUAL_SHARE = 0.055  # of the sexual victims of that governorate; about 3 % of all males
MALE_SEXUAL_AGES = ("M", 15, 30)

SECOND_FORM_SHARE = 0.10
SECOND_FORMS = {"FORCED_LABOUR": 0.4, "BEGGING": 0.25, "FORCED_CRIMINALITY": 0.15, "SLAVERY": 0.1, "SEXUAL": 0.1}

_MIGRANTS = {
    "BGD": 0.15, "PAK": 0.06, "SYR": 0.06, "PHL": 0.04, "IDN": 0.03, "UGA": 0.04, "GHA": 0.03, "ETH": 0.03,
    "NPL": 0.03, "LKA": 0.02, "IND": 0.03, "EGY": 0.02, "KEN": 0.01,
}  # fmt: skip
CITIZENSHIPS = {
    "SEXUAL": {"IRQ": 0.80, "SYR": 0.09, "IRN": 0.04, "ETH": 0.02, "UGA": 0.02, "PHL": 0.02, "TUR": 0.01},
    "FORCED_LABOUR": {"IRQ": 0.45, **_MIGRANTS},
    "BEGGING": {"IRQ": 0.78, "SYR": 0.14, "PAK": 0.04, "XXA": 0.04},
}
OTHER_CITIZENSHIPS = {"IRQ": 0.92, "SYR": 0.05, "IRN": 0.02, "XXA": 0.01}
ACCUSED_CITIZENSHIPS = {"IRQ": 0.86, "SYR": 0.06, "IRN": 0.02, "BGD": 0.03, "PAK": 0.02, "EGY": 0.01}

VICTIMS_PER_CASE = {1: 0.62, 2: 0.22, 3: 0.10, 4: 0.06}
ACCUSED_PER_CASE = {1: 0.35, 2: 0.30, 3: 0.20, 4: 0.10, 5: 0.05}
AGAIN_SHARE = 0.03  # events of a person who was a victim before

ACTS = {"ACT_RECRUIT": 0.45, "ACT_TRANSPORT": 0.2, "ACT_HARBOUR": 0.25, "ACT_RECEIPT": 0.1}
ACT_SHARE = 0.93
MEANS = {
    "MEANS_FORCE_THREAT": 0.18, "MEANS_COERCION": 0.16, "MEANS_ABDUCTION": 0.05, "MEANS_FRAUD": 0.18,
    "MEANS_DECEPTION": 0.22, "MEANS_ABUSE_POWER": 0.08, "MEANS_PAYMENT": 0.03, "MEANS_APOV": 0.10,
}  # fmt: skip
MEANS_SHARE_ADULT = 0.92
MEANS_SHARE_CHILD = 0.45  # the law requires means for children too; investigators often record none
MEANS_NONE_SHARE = 0.04  # share of the events without means for which "no means" is recorded

RECRUITMENTS = {
    "SEXUAL": {"SOCIAL_MEDIA": 0.35, "FRIEND": 0.25, "JOB_OFFER": 0.15, "FAMILY": 0.15, "ABDUCTION": 0.03, "_U": 0.07},
    "FORCED_LABOUR": {"AGENCY": 0.40, "JOB_OFFER": 0.40, "FRIEND": 0.10, "SOCIAL_MEDIA": 0.06, "OTHER": 0.04},
    "BEGGING": {"FAMILY": 0.65, "FRIEND": 0.15, "ABDUCTION": 0.05, "OTHER": 0.10, "_U": 0.05},
    "ORGAN": {"SOCIAL_MEDIA": 0.55, "FRIEND": 0.30, "OTHER": 0.10, "_U": 0.05},
}
OTHER_RECRUITMENTS = {"FAMILY": 0.60, "SOCIAL_MEDIA": 0.15, "FRIEND": 0.15, "_U": 0.10}
DETECTIONS = {
    "POLICE": 0.52, "COMMUNITY_POLICE": 0.12, "COURT": 0.06, "LABOUR_INSPECTION": 0.06, "NGO": 0.06, "SELF": 0.10,
    "HOTLINE": 0.08,
}  # fmt: skip
REPORT_CHANNELS = {
    "STATION": 0.34, "HOTLINE": 0.16, "PATROL": 0.20, "BODY": 0.12, "NGO": 0.06, "ONLINE": 0.05, "EMBASSY": 0.03,
    "OTHER": 0.01, "_U": 0.03,
}  # fmt: skip
VICTIM_REFERRALS = {
    "INVESTIGATIVE_COURT": 0.52, "SHELTER": 0.26, "EMBASSY": 0.05, "NGO": 0.06, "HOSPITAL": 0.05, "POLICE": 0.06,
}  # fmt: skip

IDENTIFIED_SHARE = 0.68
IDENTIFIED_DELAYS = {(5, 120): 0.60, (121, 360): 0.32, (361, 620): 0.08}  # days from contact

# share of the victims charged themselves, by form; foreigners in forced labour under the residence law
CHARGE_SHARES = {"SEXUAL": 0.14, "FOREIGN": 0.18, "BEGGING": 0.10, "ORGAN": 0.05}
OTHER_CHARGE_SHARE = 0.015

ACCUSED_WOMEN_SHARE = 0.22
ACCUSED_JUVENILE_SHARE = 0.04
AT_LARGE_SHARE = 0.09
# One court of appeal fell behind: cases reported there since then are judged this many days later.
BACKLOG_AREA, BACKLOG_FROM, BACKLOG_DAYS = "IQG02", 2022, 540
TRIED_SHARE = 0.72
TRIED_AT_LARGE_SHARE = 0.30  # in absentia
VERDICTS = {
    "CONVICTED": 0.60,
    "ACQUITTED": 0.14,
    "DISCHARGED": 0.19,
    "CLOSED": 0.04,
    "NOT_LIABLE": 0.02,
    "AMNESTY": 0.01,
}
OTHER_LAW_SHARE = 0.15
AGGRAVATED_SHARE = 0.62  # of the Law 28 judgments with a circumstance of Article 6
SUSPENDED_SHARE = 0.25  # of the terms of five years and less
DEATHS = 4  # convictions under Article 8 in all years together
OTHER_LAWS = {"SEXUAL": "L08_1988", "BEGGING": "PC_390_392", "ORGAN": "L11_2016"}

ASKS_FOR_SHELTER_SHARE = 0.60
MEN_SHELTER_FROM = 2024  # two shelters open in that year: one for men, one for women in the south
# code -> type, governorate, first year, places
FACILITIES = {
    "دار أ": ("SHELTER_WOMEN", "IQG08", 2016, 80),
    "دار ب": ("SHELTER_MEN", "IQG08", MEN_SHELTER_FROM, 50),
    "دار ج": ("SHELTER_WOMEN", "IQG05", MEN_SHELTER_FROM, 40),
}
