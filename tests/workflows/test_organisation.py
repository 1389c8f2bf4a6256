"""The organisation of the notice, its roles, and the people of the demonstration."""

import pytest

from workflows import cast
from workflows.organisation import district_of, of_kind, units
from workflows.roles import ROLES, TASK_CODES

# The roles of the domain guide, section 2.
GUIDE = {
    "municipal_leader", "group_leader", "office_director", "office_deputy", "synthesis_lead", "synthesis_officer",
    "task_group_lead", "task_group_officer", "liaison", "lead_unit_officer", "lead_unit_head", "co_unit_officer",
    "district_leader", "district_supervision_officer", "district_unit_officer", "propaganda_officer",
    "media_reporter", "congress_liaison", "deputy_member", "organization_officer", "discipline_officer",
    "performance_officer", "public_user", "records_officer",
}  # fmt: skip


def test_every_parent_stands_before_its_children():
    seen = set()
    for unit in units().values():
        assert unit.parent is None or unit.parent in seen
        seen.add(unit.code)


def test_the_numbers_of_the_notice():
    districts = of_kind("district")
    assert len(of_kind("working_group")) == 5
    assert sum(unit.names_liaison for unit in units().values()) == 9
    assert sum(unit.is_admin_division for unit in districts) == 16
    assert [unit.name for unit in districts if not unit.is_admin_division] == ["北京经济技术开发区"]
    assert [unit.name for unit in districts if unit.name.endswith("县")] == ["密云县", "延庆县"]


def test_each_task_has_a_group_a_lead_unit_and_a_unit_in_each_district():
    for code in TASK_CODES:
        assert [unit for unit in of_kind("working_group") if unit.task_code == code]
        assert [unit for unit in of_kind("lead_unit") if unit.task_code == code]
        assert len([unit for unit in of_kind("district_unit") if unit.task_code == code]) == 17
    assert [unit.name for unit in of_kind("lead_unit") if unit.task_code == "env"] == [
        "市市政市容委（首都环境办）",
        "市城管执法协调办",
    ]


def test_a_task_group_is_co_located():
    assert units()["task_group_air"].colocated_body == "市大气污染综合治理领导小组"


@pytest.mark.parametrize(
    ("code", "district"), [("110105-HB", "110105"), ("110105", "110105"), ("110000-HBJ", None), ("nowhere", None)]
)
def test_the_district_of_a_unit(code, district):
    assert district_of(code) == district


def test_every_role_of_the_guide_has_a_chinese_title():
    assert set(ROLES) >= GUIDE
    assert all(role.title and not role.title.isascii() for role in ROLES.values())


def test_leaders_and_party_departments_are_not_subordinate():
    assert not ROLES["municipal_leader"].subordinate
    assert not ROLES["discipline_officer"].subordinate
    assert ROLES["district_supervision_officer"].subordinate


def test_the_cast_holds_roles_in_organisations_that_exist():
    people = cast.people()
    assert len({person.id for person in people}) == len(people)
    for person in people:
        assert person.role in ROLES
        assert person.org in units()
    staffed = {person.role for person in people}
    assert set(ROLES) - staffed == {"public_user"}


def test_every_lead_unit_has_an_officer_and_a_head():
    held = {(person.role, person.org) for person in cast.people()}
    for unit in of_kind("lead_unit"):
        assert {("lead_unit_officer", unit.code), ("lead_unit_head", unit.code)} <= held, unit.name


def test_what_one_director_has_concluded_another_one_can_review():
    assert sum(person.role == "office_director" for person in cast.people()) == 2
