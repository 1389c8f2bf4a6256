"""The people of the demonstration: accounts by role and serial, never personal names, all with one password.

Municipal roles have one account each, the director a second one for what he may not decide himself; liaisons one in
each of the nine bodies, task groups two officers and a lead for each task, lead units an officer and a head.  Of the
districts, 朝阳区, 丰台区, 大兴区 and 延庆县 are fully staffed, with two officers of the supervision office and one of
each unit; in the others one officer acts for all units.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine import accounts
from engine.tables import Account
from workflows.organisation import units
from workflows.roles import ROLES

PASSWORD = "ducha-demo-2013"  # noqa: S105 - printed at start; the demonstration only
DISTRICTS = {"chaoyang": "110105", "fengtai": "110106", "daxing": "110115", "yanqing": "110229"}
OTHER_DISTRICTS = {
    "dongcheng": "110101", "xicheng": "110102", "shijingshan": "110107", "haidian": "110108", "mentougou": "110109",
    "fangshan": "110111", "tongzhou": "110112", "shunyi": "110113", "changping": "110114", "huairou": "110116",
    "pinggu": "110117", "miyun": "110228", "bda": "BDA",
}  # fmt: skip
STEMS = {code: stem for stem, code in (DISTRICTS | OTHER_DISTRICTS).items()}
GROUPS = {"air": "大气组", "water": "污水组", "env": "环境组", "illegal": "违建组"}
UNITS = {"air": "HB", "water": "SW", "env": "SR", "illegal": "CG"}
LEAD_UNITS = {"air": "110000-HBJ", "water": "110000-SWJ", "env": "110000-SRW", "illegal": "110000-GHW"}
SECOND_LEAD_UNIT = ("env", "110000-CGB")
FIRST_LIAISON = "110000-FGW"
WHOLE_CITY = "110000"
# id without serial -> role, organisation. The Office and its groups watch all districts: they hold their roles there.
MUNICIPAL = {
    "leader": ("municipal_leader", "110000"),
    "group-leader": ("group_leader", WHOLE_CITY),
    "office-director": ("office_director", WHOLE_CITY),
    "office-deputy": ("office_deputy", WHOLE_CITY),
    "synthesis-lead": ("synthesis_lead", WHOLE_CITY),
    "synthesis-officer": ("synthesis_officer", WHOLE_CITY),
    "liaison": ("liaison", "110000-FGW"),
    "co-unit": ("co_unit_officer", "110000-FGW"),
    "propaganda": ("propaganda_officer", "110000-XCB"),
    "reporter": ("media_reporter", "110000"),
    "congress": ("congress_liaison", "110000"),
    "deputy": ("deputy_member", "110000"),
    "organization": ("organization_officer", "110000-ZUZ"),
    "discipline": ("discipline_officer", "110000-JCJ"),
    "performance": ("performance_officer", "supervision_office"),
    "records": ("records_officer", WHOLE_CITY),
    "admin": ("admin", "110000"),
    "auditor": ("auditor", "110000"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """An account to be: ``org`` is where the role is held, there and below."""

    id: str
    name: str
    role: str
    org: str
    task_code: str | None = None


def people() -> tuple[Person, ...]:
    return (*_municipal(), *_liaisons(), *_task_groups(), *_districts(), *_other_districts())


def supervision(district: str) -> str:
    """The account of the district's supervision office."""
    return f"{STEMS[district]}-supervision-01"


def unit_officer(district: str, task_code: str) -> str:
    """The account that acts for the district's unit of the task."""
    return f"{STEMS[district]}-{task_code if STEMS[district] in DISTRICTS else 'unit'}-01"


def liaisons() -> dict[str, str]:
    """The nine bodies that name a liaison -> account. 市发展改革委 comes first, as `MUNICIPAL` has it."""
    bodies = sorted(
        (unit.code for unit in units().values() if unit.names_liaison), key=lambda code: code != FIRST_LIAISON
    )
    return {body: f"liaison-{number:02}" for number, body in enumerate(bodies, start=1)}


def install(session: Session, chosen: Iterable[Person]) -> None:
    """Make those of the accounts that are not there yet. Their password is no secret, so they share one hash: a hash is
    made to be slow, and these are a hundred."""
    hashed: str | None = None
    for person in chosen:
        grants = [(person.role, person.org, person.task_code)]
        if session.get(Account, person.id) is not None:
            accounts.grant(session, person.id, grants)
        elif hashed is None:
            hashed = accounts.create(session, person.id, person.name, PASSWORD, grants).password
        else:
            session.add(Account(id=person.id, name=person.name, password=hashed, active=True))
            session.flush()
            accounts.grant(session, person.id, grants)


def _municipal() -> list[Person]:
    found = [Person(f"{stem}-01", f"{ROLES[role].title}01", role, org) for stem, (role, org) in MUNICIPAL.items()]
    # An objection to what the director has concluded is decided by somebody else (decree 733, article 17).
    return [*found, Person("office-director-02", f"{ROLES['office_director'].title}02", *MUNICIPAL["office-director"])]


def _liaisons() -> list[Person]:
    return [
        Person(account, f"{units()[body].name}联络员{account[-2:]}", "liaison", body)
        for body, account in liaisons().items()
        if body != FIRST_LIAISON
    ]


def _task_groups() -> list[Person]:
    found = []
    for code, group in GROUPS.items():
        found += [
            Person(f"{code}-officer-01", f"{group}督查员01", "task_group_officer", WHOLE_CITY, code),
            Person(f"{code}-officer-02", f"{group}督查员02", "task_group_officer", WHOLE_CITY, code),
            Person(f"{code}-lead-01", f"{group}组长01", "task_group_lead", WHOLE_CITY, code),
            *_lead_unit(code, LEAD_UNITS[code], "01"),
        ]
    return [*found, *_lead_unit(*SECOND_LEAD_UNIT, "02")]


def _lead_unit(code: str, unit: str, serial: str) -> list[Person]:
    name = units()[unit].name
    return [
        Person(f"{code}-unit-{serial}", f"{name}经办{serial}", "lead_unit_officer", unit, code),
        Person(f"{code}-head-{serial}", f"{name}负责人{serial}", "lead_unit_head", unit, code),
    ]


def _districts() -> list[Person]:
    found = []
    for stem, district in DISTRICTS.items():
        name = units()[district].name
        office = units()[f"{district}-DC"].name
        found += [
            Person(f"{stem}-leader-01", f"{name}领导01", "district_leader", district),
            Person(f"{stem}-supervision-01", f"{office}01", "district_supervision_officer", district),
            Person(f"{stem}-supervision-02", f"{office}02", "district_supervision_officer", district),
        ]
        for code, suffix in UNITS.items():
            unit = units()[f"{district}-{suffix}"]
            found.append(Person(f"{stem}-{code}-01", f"{unit.name}经办01", "district_unit_officer", unit.code, code))
    return found


def _other_districts() -> list[Person]:
    found = []
    for stem, district in OTHER_DISTRICTS.items():
        name = units()[district].name
        found += [
            Person(f"{stem}-leader-01", f"{name}领导01", "district_leader", district),
            Person(
                f"{stem}-supervision-01",
                f"{units()[f'{district}-DC'].name}01",
                "district_supervision_officer",
                district,
            ),
            Person(f"{stem}-unit-01", f"{name}承办单位经办01", "district_unit_officer", district),
        ]
    return found
