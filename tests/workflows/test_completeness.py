"""D9: every rule of the table, alone and all at once."""

import pytest

from bpmn.decisions import read_decision
from engine.access import NotFound
from engine.tables import Process, Version
from workflows import completeness
from workflows.documents import DECISIONS

D9 = read_decision((DECISIONS / "D9_ledger_completeness.dmn").read_bytes())
NONE = dict.fromkeys(completeness.RULES, 0)
GOOD = {
    "A3": {},
    "B2": {
        "sub_item": "B2",
        "item_name": "管线",
        "responsible_unit": "110105-SW",
        "target_value": 42,
        "unit_of_measure": "公里",
    },
}


@pytest.fixture
def ledger(office):
    office.opened()
    return office.ledger()


@pytest.mark.parametrize("rule", completeness.RULES)
def test_each_rule_of_the_table_fires_alone(rule, moment):
    (answer,) = D9.decide({"facts": {**NONE, rule: 3}}, moment)
    assert (answer["rule"], answer["count"]) == (rule, 3)
    assert answer["text"]


def test_the_table_lists_all_failures_and_is_empty_for_a_good_ledger(moment):
    assert D9.decide({"facts": NONE}, moment) == []
    everything = D9.decide({"facts": dict.fromkeys(completeness.RULES, 1)}, moment)
    assert [one["rule"] for one in everything] == list(completeness.RULES)


def test_a_complete_ledger_passes(office, ledger):
    for changed in GOOD.values():
        office.add(ledger, **changed)
    assert completeness.check(office.session, ledger, office.moment) == ()
    assert office.run("ledger_facts", ledger_id=ledger) == {"rows": 2, **NONE}


def test_an_empty_ledger_lacks_everything(office, ledger):
    (failure,) = completeness.check(office.session, ledger, office.moment)
    assert failure.rule == "uncovered"
    assert failure.count == 3  # A3, B2, and that it is empty


def plan(*points):
    return {"milestones": [{"date": day, "planned_percent": percent} for day, percent in points]}


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"target_value": None, "unit_of_measure": None}, "unmeasured"),
        ({"deadline": "2014-01-10"}, "late"),
        (plan(("2013-09-30", 50), ("2013-06-30", 60)), "not_monotone"),
        (plan(("2013-06-30", 50), ("2013-09-30", 40)), "not_monotone"),
        (plan(("2013-12-31", 100)), "not_monotone"),
    ],
)
def test_each_shortcoming_is_found_at_its_row(office, ledger, changed, rule):
    office.add(ledger, **GOOD["B2"])
    bad = office.add(ledger, **changed)
    (failure,) = completeness.check(office.session, ledger, office.moment)
    assert (failure.rule, failure.count) == (rule, 1)
    assert [(one.position, one.item_id) for one in failure.findings] == [(2, bad.id)]


def test_a_standard_takes_the_place_of_a_target(office, ledger):
    office.add(ledger, **GOOD["B2"])
    office.add(ledger, target_value=None, unit_of_measure=None, qualitative_standard="全部完成")
    assert completeness.check(office.session, ledger, office.moment) == ()


def test_duplicates_are_the_same_unit_place_and_name(office, ledger):
    office.add(ledger, **GOOD["B2"])
    office.add(ledger, location={"lat": 39.9, "lon": 116.4})
    office.add(ledger, location={"lat": 39.8, "lon": 116.4})
    assert completeness.check(office.session, ledger, office.moment) == ()
    office.add(ledger, location={"lat": 39.8, "lon": 116.4}, item_name="淘汰 老旧机动车")
    (failure,) = completeness.check(office.session, ledger, office.moment)
    assert failure.findings[0].params == {"position": 4, "first": 3}


def test_several_failures_come_at_once(office, ledger):
    office.add(ledger, deadline="2014-01-10", target_value=None, unit_of_measure=None)
    found = completeness.check(office.session, ledger, office.moment)
    assert [one.rule for one in found] == ["uncovered", "unmeasured", "late"]


def test_the_published_table_judges_once_there_is_one(office, ledger):
    shipped = (DECISIONS / "D9_ledger_completeness.dmn").read_text("utf-8")
    stricter = shipped.replace("每个适用子项都要有任务或者不适用理由", "缺子项")
    version = Version(
        process_key="ledger_establishment", number=1, name="p", content_hash="0" * 64, diagram=b"", forms={},
        decisions={"D9_ledger_completeness": stricter}, starter_groups=[], by_hand=False, calls=[], comment="",
        published_at=office.moment.now,
    )  # fmt: skip
    office.session.add(version)
    office.session.flush()
    office.session.add(Process(key="ledger_establishment", name="p", current_version_id=version.id))
    office.session.flush()
    (failure,) = completeness.check(office.session, ledger, office.moment)
    assert failure.text == "缺子项"


def test_an_unknown_ledger_is_told(office):
    with pytest.raises(NotFound):
        completeness.check(office.session, "x" * 32, office.moment)
