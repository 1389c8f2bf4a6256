"""The pool of problems as rows: kept, compared, counted, put onto an agenda, settled. And the services' promises."""

import pytest

from engine.services import ServiceFault
from workflows import registers
from workflows.categories import CATEGORIES
from workflows.likeness import likeness, text_likeness
from workflows.services import problems as group
from workflows.tables import Objection, Problem

FINDINGS = {
    "category": "funding_gap",
    "task_code": "air",
    "affected_units": ["110105-HB"],
    "cause": "funding",
    "severity": "general",
    "verified": True,
    "route": "local",
    "days": 60,
    "merge_into": None,
}


@pytest.fixture
def pool(office):
    """`office` of this folder, with a way to report."""

    def report(problem_id, unit="110105-HB", title="黄标车注销缺少资金", **more):
        more = {"problem_id": problem_id, "title": title, "org": unit, "task_code": "air"} | more
        return office.run("register_problem", report=more)

    office.report = report
    office.problem = lambda problem_id: office.session.get_one(Problem, problem_id)
    return office


def test_every_service_returns_what_its_row_promises(pool):
    filed = {"conclusion_id": "c1", "org": "110105-HB", "received_on": "2013-04-19"}
    pool.report("p1")
    objection = pool.instance.id
    inputs = {
        "campaign_of_case": {"campaign_id": None, "unit": None},
        "register_problem": {"report": {"problem_id": "p2", "title": "x"}},
        "find_similar": {"problem_id": "p1", "least": 25},
        "assess_problem": {"problem_id": "p1", **FINDINGS},
        "put_on_agenda": {"problem_id": "p1"},
        "settle_problem": {"problem_id": "p1", "outcome": "solved", "merge_into": None},
        "register_objection": {"filed": filed},
        "objection_rules": {"campaign_id": None},
        "exclude_authors": {
            "objection_id": objection,
            "authors": [],
            "received_on": "2013-04-19",
            "filed_on": "2013-04-19",
            "grounds": "g",
            "review_days": 30,
        },
        "objection_overdue": {"objection_id": objection},
        "settle_objection": {"objection_id": objection, "outcome": "decided", "verdict": "uphold"},
        "correct_conclusion": {"objection_id": objection},
    }
    assert list(inputs) == [service.name for service in group.TABLE]
    for service in group.TABLE:
        assert set(inputs[service.name]) == set(service.inputs), service.name
        assert set(pool.run(service.name, **inputs[service.name])) == set(service.outputs), service.name


def test_a_case_belongs_to_the_campaign_that_it_names_else_to_the_only_one_that_is_active(pool):
    assert pool.run("campaign_of_case", campaign_id="nowhere")["campaign_id"] is None
    campaign_id = pool.opened()
    found = {"campaign_id": campaign_id, "campaign_end": "2013-12-31", "profile": "profile_2013", "in_district": None}
    assert pool.run("campaign_of_case", campaign_id=None) == found
    assert pool.run("campaign_of_case", campaign_id=campaign_id) == found


@pytest.mark.parametrize(("unit", "in_district"), [("110105-HB", True), ("110105", True), ("110000-HBJ", False)])
def test_a_case_is_about_a_unit_of_a_district_or_of_the_city(pool, unit, in_district):
    assert pool.run("campaign_of_case", campaign_id=None, unit=unit)["in_district"] is in_district


def test_a_problem_keeps_the_number_that_it_was_given(pool):
    assert pool.report("p1", number="督问字〔2013〕99号")["number"] == "督问字〔2013〕99号"
    assert pool.report("p2")["number"] == "督问字〔2013〕1号"


def test_what_a_report_names_and_is_not_here_is_left_out(pool):
    pool.report("p1", item_id="nowhere", campaign_id="nowhere", source_instance_id="nowhere")
    found = pool.problem("p1")
    assert (found.item_id, found.campaign_id, found.source_instance_id) == (None, None, None)
    assert found.districts == ["110105"]


def test_an_id_that_is_too_long_is_a_fault(pool):
    with pytest.raises(ServiceFault) as caught:
        pool.report("p" * 33)
    assert caught.value.code == "bad_id"


def test_similar_problems_come_first_those_most_alike(pool):
    pool.report("p1", title="黄标车注销缺少资金")
    pool.report("p2", unit="110106-HB", title="黄标车淘汰缺少资金")
    pool.report("p3", unit="110106-CG", title="违法建设拆除进度滞后", task_code="illegal")
    pool.report("p4", unit="110106-HB", title="黄标车注销缺少资金")
    found = pool.run("find_similar", problem_id="p1", least=25)
    assert [one["problem_id"] for one in found["similar"]] == ["p4", "p2"]
    assert (found["likeliest"], found["units"]) == ("p4", ["110105-HB", "110106-HB"])


def test_settled_problems_are_no_company(pool):
    pool.report("p1")
    pool.report("p2")
    pool.run("settle_problem", problem_id="p2", outcome="solved", merge_into=None)
    assert pool.run("find_similar", problem_id="p1", least=1)["similar"] == []


def test_unfounded_problems_do_not_count_and_solved_ones_do(pool):
    for problem_id, unit in (("p1", "110105-HB"), ("p2", "110106-HB"), ("p3", "110115-HB")):
        pool.report(problem_id, unit)
        pool.run("assess_problem", problem_id=problem_id, **FINDINGS | {"affected_units": [unit]})
    pool.run("settle_problem", problem_id="p1", outcome="solved", merge_into=None)
    assert pool.run("assess_problem", problem_id="p3", **FINDINGS)["districts"] == 2, "p3 now says 朝阳, as p1 does"
    pool.run("settle_problem", problem_id="p2", outcome="unfounded", merge_into=None)
    found = pool.run("assess_problem", problem_id="p3", **FINDINGS)
    assert (found["districts"], found["tasks"], found["like"]) == (1, 1, ["p1"])


def test_those_who_are_asked_are_the_lead_units_and_the_municipal_ones_among_the_affected(pool):
    pool.report("p1")
    units = ["110105-HB", "110000-FGW"]
    found = pool.run("assess_problem", problem_id="p1", **FINDINGS | {"affected_units": units})
    assert found["consulted"] == ["110000-HBJ", "110000-FGW"]


def test_a_settled_problem_stays_off_the_agenda_and_an_open_one_is_on_it_once(pool):
    pool.report("p1")
    assert pool.run("put_on_agenda", problem_id="p1") == {"month": "2013-05"}
    assert pool.run("put_on_agenda", problem_id="p1") == {"month": "2013-05"}
    pool.run("settle_problem", problem_id="p1", outcome="solved", merge_into=None)
    assert pool.run("put_on_agenda", problem_id="p1") == {"month": None}


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"problem_id": "nowhere", "outcome": "solved"}, "no_problem"),
        ({"problem_id": "p1", "outcome": "forgotten"}, "bad_outcome"),
        ({"problem_id": "p1", "outcome": "merged", "merge_into": "p1"}, "not_mergeable"),
        ({"problem_id": "p1", "outcome": "merged", "merge_into": None}, "not_mergeable"),
    ],
)
def test_what_makes_no_sense_is_a_fault(pool, inputs, code):
    pool.report("p1")
    with pytest.raises(ServiceFault) as caught:
        pool.run("settle_problem", **{"merge_into": None} | inputs)
    assert caught.value.code == code


def test_an_objection_ends_in_one_of_the_known_ways(pool):
    pool.run("register_objection", filed={"conclusion_id": "c1"})
    with pytest.raises(ServiceFault) as caught:
        pool.run("settle_objection", objection_id=pool.instance.id, outcome="forgotten", verdict=None)
    assert caught.value.code == "bad_outcome"
    with pytest.raises(ServiceFault) as caught:
        pool.run("objection_overdue", objection_id="nowhere")
    assert caught.value.code == "no_objection"


def test_a_conclusion_of_an_unknown_case_has_nothing_to_correct(pool):
    pool.run("register_objection", filed={"conclusion_id": "from elsewhere"})
    found = pool.session.get_one(Objection, pool.instance.id)
    assert (found.source, found.source_instance_id) == ("external", None)
    nothing = {"urgings": 0, "scores": 0, "exposures": 0, "source_instance_id": None}
    assert pool.run("correct_conclusion", objection_id=pool.instance.id) == nothing


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("黄标车注销缺少资金", "黄标车注销缺少资金", 1, 1),
        ("黄标车注销缺少资金", "黄标车淘汰缺少资金", 0.5, 0.9),
        ("黄标车注销", "违法建设拆除", 0, 0),
        ("", "违法建设拆除", 0, 0),
        ("A3 黄标车！", "a3黄标车", 1, 1),
    ],
)
def test_texts_are_alike_by_what_they_have_in_common(one, other, least, most):
    assert least <= text_likeness(one, other) <= most
    assert text_likeness(one, other) == text_likeness(other, one)


def test_likeness_is_a_hundred_points_at_most(pool):
    pool.report("p1")
    pool.run("assess_problem", problem_id="p1", **FINDINGS)
    assert likeness(pool.problem("p1"), pool.problem("p1")) == 100


def test_registers_offer_what_is_open_and_name_what_was_chosen(pool):
    pool.report("p1")
    pool.report("p2")
    pool.run("settle_problem", problem_id="p2", outcome="solved", merge_into=None)
    label = "督问字〔2013〕1号 黄标车注销缺少资金"
    assert registers.offer(pool.session, "open_problems") == [("p1", label)]
    assert registers.offer(pool.session, "problem_categories") == list(CATEGORIES.items())
    assert registers.offer(pool.session, "nowhere") == []
    assert registers.names(pool.session, ["p1", "p2", "funding_gap", "x"]) == {
        "p1": label,
        "p2": "督问字〔2013〕2号 黄标车注销缺少资金",
        "funding_gap": "资金不到位",
    }
    assert registers.names(pool.session, []) == {}
