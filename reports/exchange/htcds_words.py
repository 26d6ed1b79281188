"""The terms of the Human Trafficking Case Data Standard 2.0 (HTCDS), and which of our codes each stands for.

Belongs here: its fields in the order of its workbook, its picklists, our code lists mapped to them. Field names,
headings and values are IOM's (HTCDS 2.0 of 24 December 2021, workbook and XLSForm, CC BY 4.0,
github.com/UNMigration/HTCDS); IOM does not endorse this use. The field names of the mailing columns are those of the
XLSForm: the workbook has them in another order than its headings.
Does not belong here: writing the workbook (`htcds.py`), reading one (the source `iom_caseload`).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Filling = Literal["personal", "written", "blank"]


class HtcdsField(NamedTuple):
    """A column: its field name, heading, kind of value (`text`, `date`, `list`), and how Marsad fills it.

    `personal`: stays empty in every file; `written`: filled from synthetic records; `blank`: synthetic records lack it.
    """

    name: str
    heading: str
    kind: str
    filling: Filling


GENDER, CITIZENSHIP, CONTROL = "prs_Gender", "prs_Citizenship", "vic_MethodsOfControl"
EXPLOITATION, REFERRAL_DATE = "vic_TypeOfExploitation", "cas_IncomingReferralDate"
FIELDS = (
    HtcdsField("cas_CaseOwner", "Case Owner", "text", "personal"),
    HtcdsField("prs_Salutation", "Salutation", "text", "personal"),
    HtcdsField("prs_FirstName", "First Name", "text", "personal"),
    HtcdsField("prs_SecondName", "Second Name", "text", "personal"),
    HtcdsField("con_Consent", "Consent", "list", "blank"),
    HtcdsField("prs_Birthdate", "Birthdate", "date", "personal"),
    HtcdsField(GENDER, "Gender", "list", "written"),
    HtcdsField(CITIZENSHIP, "Citizenship", "list", "written"),
    HtcdsField("prs_Title", "Title", "text", "personal"),
    HtcdsField("prs_Email", "Email", "text", "personal"),
    HtcdsField("prs_HomePhone", "Home Phone", "text", "personal"),
    HtcdsField("prs_MobilePhone", "Mobile Phone", "text", "personal"),
    HtcdsField("prs_MailingStreet", "Mailing Street", "text", "personal"),
    HtcdsField("prs_MailingCity", "Mailing City", "text", "personal"),
    HtcdsField("prs_MailingState", "Mailing State/Province", "text", "personal"),
    HtcdsField("prs_MailingPostalCode", "Mailing Zip/Postal Code", "text", "personal"),
    HtcdsField("prs_MailingCountry", "Mailing Country", "text", "personal"),
    HtcdsField("vic_TraffickingStatus", "Trafficking Status", "list", "blank"),
    HtcdsField(
        "vic_TraffickingStatusDecisionMakingOrg", "Trafficking Status Decision Making Organization", "list", "blank"
    ),
    HtcdsField("vic_MethodOfRecruitment", "Method of Recruitment", "list", "blank"),
    HtcdsField("vic_LocationOfRecruitment", "Location of Recruitment", "text", "blank"),
    HtcdsField(CONTROL, "Methods of Control", "list", "written"),
    HtcdsField(EXPLOITATION, "Type of Exploitation", "list", "written"),
    HtcdsField("vic_ForcedLabourIndustry", "Forced Labour Industry", "list", "blank"),
    HtcdsField("vic_TypeOfSexExploitation", "Type of Sex Exploitation", "list", "blank"),
    HtcdsField("vic_LocationOfExploitation", "Location of Exploitation", "text", "blank"),
    HtcdsField("cas_Status", "Status", "list", "blank"),
    HtcdsField("cas_ReferringOrganisation", "Referring Organisation", "text", "blank"),
    HtcdsField(REFERRAL_DATE, "Incoming Referral Date", "date", "written"),
    HtcdsField("cas_ReferringPrimaryCaseWorker", "Referring Primary Case Worker", "text", "personal"),
    HtcdsField("cas_ReasonForIncomingReferral", "Reason for Incoming Referral", "list", "blank"),
    HtcdsField("cas_IncomingReferralDetails", "Incoming Referral Details", "text", "personal"),
    HtcdsField("cas_ReferredOrganisation", "Referred Organisation", "text", "blank"),
    HtcdsField("cas_ReferredPrimaryCaseWorker", "Referred Primary Case Worker", "text", "personal"),
    HtcdsField("cas_ReasonForOutgoingReferral", "Reason for Outgoing Referral", "list", "blank"),
    HtcdsField("cas_OutgoingReferralDate", "Outgoing Referral Date", "date", "blank"),
    HtcdsField("cas_OutgoingReferralDetails", "Outgoing Referral Details", "text", "personal"),
    HtcdsField("cas_ReasonForCaseClosure", "Reason for Case Closure", "text", "personal"),
)
_REASONS = ("Additional Services Required", "Migration Or Change Of Location", "Other")
# Field to the values of its list, as in the workbook; citizenship, a list of all countries, is left out.
PICKLISTS: dict[str, tuple[str, ...]] = {
    "con_Consent": ("Yes", "No"),
    GENDER: (
        *("Feminine", "Masculine", "TransgenderFeminine", "TransgenderMasculine", "NonConforming"),
        "NonSpecifiedUnknown",
    ),
    "vic_TraffickingStatus": (
        *("Possible victim of trafficking", "Actual victim of trafficking", "Not a victim of trafficking"),
    ),
    "vic_TraffickingStatusDecisionMakingOrg": (
        *("Police", "NGO", "Court or prosecution", "Non-police governmental organization", "Other"),
    ),
    "vic_MethodOfRecruitment": (
        *("At a place of business", "At an educational institution", "At work", "Through online social networks"),
        *("Through an online advertisement", "Through a television advert", "Through a newspaper advert"),
        *("Through family or family events", "Through friends or social events", "Other"),
    ),
    CONTROL: (
        *("Physical threats", "Threats of law enforcement", "Threatens children/family", "Debt bondage"),
        *("False promises", "Physical abuse", "Sexual abuse", "Takes earnings", "Restricts financial access"),
        *("Restricts medical care", "Withholds necessities", "Psychological abuse", "Psychoactive substance"),
        *("Excessive working hours", "Withholds documents", "Other"),
    ),
    EXPLOITATION: (
        *("Forced labour", "Sexual exploitation", "Child labour", "Forced marriage", "Servitude"),
        *("Forced military (by non-state actors)", "Organ removal", "Forced begging", "Forced adoption", "Surrogacy"),
        "Other",
    ),
    "vic_ForcedLabourIndustry": (
        *("Agriculture, forestry and fishing", "Mining and quarrying", "Manufacturing"),
        "Electricity, gas, steam and air conditioning supply",
        "Water supply; sewerage, waste management and remediation",
        *("Construction", "Wholesale and retail trade; repair of motor vehicles and motorcycles"),
        *("Transportation and storage", "Accommodation and food service activities", "Information and communication"),
        *("Financial and insurance activities", "Real estate activities"),
        *("Professional, scientific and technical activities", "Administrative and support service activities"),
        *("Public administration and defence; compulsory social security", "Education"),
        *("Human health and social work activities", "Arts, entertainment and recreation", "Other service activities"),
        "Activities of households as employers; undifferentiated goods- and services- producing activities of "
        "households for own use",
        "Activities of extraterritorial organizations and bodies",
    ),
    "vic_TypeOfSexExploitation": (
        *("Prostitution", "Pornography", "Remote Interactive Services", "Private Sexual Services"),
    ),
    "cas_Status": ("Active", "Follow up", "Closed", "Closed Referred"),
    "cas_ReasonForIncomingReferral": _REASONS,
    "cas_ReasonForOutgoingReferral": _REASONS,
}  # fmt: skip
# Our code of a synthetic record to the value that is written. What HTCDS cannot express without guessing
# stays blank: several forms, the means at recruitment other than deception, a foreign citizenship.
WRITTEN: dict[str, tuple[str, dict[str, str]]] = {
    GENDER: ("sex", {"F": "Feminine", "M": "Masculine", "_U": "NonSpecifiedUnknown"}),
    CITIZENSHIP: ("citizenship", {"IRQ": "Iraq"}),
    CONTROL: ("means", {"DECEPTION": "False promises"}),
    EXPLOITATION: ("form", {
        "SEXUAL": "Sexual exploitation", "FORCED_LABOUR": "Forced labour", "BEGGING": "Forced begging",
        "ORGAN": "Organ removal", "CHILD_SALE": "Forced adoption", "OTHER": "Other",
    }),
}  # fmt: skip
