"""The terms of the Human Trafficking Case Data Standard 2.0 (HTCDS).

Belongs here: its fields in the order of its workbook, and its picklists. Field names,
headings and values are IOM's (HTCDS 2.0 of 24 December 2021, workbook and XLSForm, CC BY 4.0,
github.com/UNMigration/HTCDS); IOM does not endorse this use. The field names of the mailing columns are those of the
XLSForm: the workbook has them in another order than its headings.
Does not belong here: writing the workbook (`htcds.py`), reading one (the source `iom_caseload`).
"""

from __future__ import annotations

from typing import NamedTuple


class HtcdsField(NamedTuple):
    """A column: its field name, heading, kind of value (`text`, `date`, `list`), whether it holds personal data.

    A column of personal data must stay empty in every file.
    """

    name: str
    heading: str
    kind: str
    is_personal: bool = False


GENDER, CONTROL, EXPLOITATION = "prs_Gender", "vic_MethodsOfControl", "vic_TypeOfExploitation"
FIELDS = (
    HtcdsField("cas_CaseOwner", "Case Owner", "text", is_personal=True),
    HtcdsField("prs_Salutation", "Salutation", "text", is_personal=True),
    HtcdsField("prs_FirstName", "First Name", "text", is_personal=True),
    HtcdsField("prs_SecondName", "Second Name", "text", is_personal=True),
    HtcdsField("con_Consent", "Consent", "list"),
    HtcdsField("prs_Birthdate", "Birthdate", "date", is_personal=True),
    HtcdsField(GENDER, "Gender", "list"),
    HtcdsField("prs_Citizenship", "Citizenship", "list"),
    HtcdsField("prs_Title", "Title", "text", is_personal=True),
    HtcdsField("prs_Email", "Email", "text", is_personal=True),
    HtcdsField("prs_HomePhone", "Home Phone", "text", is_personal=True),
    HtcdsField("prs_MobilePhone", "Mobile Phone", "text", is_personal=True),
    HtcdsField("prs_MailingStreet", "Mailing Street", "text", is_personal=True),
    HtcdsField("prs_MailingCity", "Mailing City", "text", is_personal=True),
    HtcdsField("prs_MailingState", "Mailing State/Province", "text", is_personal=True),
    HtcdsField("prs_MailingPostalCode", "Mailing Zip/Postal Code", "text", is_personal=True),
    HtcdsField("prs_MailingCountry", "Mailing Country", "text", is_personal=True),
    HtcdsField("vic_TraffickingStatus", "Trafficking Status", "list"),
    HtcdsField("vic_TraffickingStatusDecisionMakingOrg", "Trafficking Status Decision Making Organization", "list"),
    HtcdsField("vic_MethodOfRecruitment", "Method of Recruitment", "list"),
    HtcdsField("vic_LocationOfRecruitment", "Location of Recruitment", "text"),
    HtcdsField(CONTROL, "Methods of Control", "list"),
    HtcdsField(EXPLOITATION, "Type of Exploitation", "list"),
    HtcdsField("vic_ForcedLabourIndustry", "Forced Labour Industry", "list"),
    HtcdsField("vic_TypeOfSexExploitation", "Type of Sex Exploitation", "list"),
    HtcdsField("vic_LocationOfExploitation", "Location of Exploitation", "text"),
    HtcdsField("cas_Status", "Status", "list"),
    HtcdsField("cas_ReferringOrganisation", "Referring Organisation", "text"),
    HtcdsField("cas_IncomingReferralDate", "Incoming Referral Date", "date"),
    HtcdsField("cas_ReferringPrimaryCaseWorker", "Referring Primary Case Worker", "text", is_personal=True),
    HtcdsField("cas_ReasonForIncomingReferral", "Reason for Incoming Referral", "list"),
    HtcdsField("cas_IncomingReferralDetails", "Incoming Referral Details", "text", is_personal=True),
    HtcdsField("cas_ReferredOrganisation", "Referred Organisation", "text"),
    HtcdsField("cas_ReferredPrimaryCaseWorker", "Referred Primary Case Worker", "text", is_personal=True),
    HtcdsField("cas_ReasonForOutgoingReferral", "Reason for Outgoing Referral", "list"),
    HtcdsField("cas_OutgoingReferralDate", "Outgoing Referral Date", "date"),
    HtcdsField("cas_OutgoingReferralDetails", "Outgoing Referral Details", "text", is_personal=True),
    HtcdsField("cas_ReasonForCaseClosure", "Reason for Case Closure", "text", is_personal=True),
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
