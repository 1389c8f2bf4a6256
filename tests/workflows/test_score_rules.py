"""D6: each row of the tables, their numbers as parameters, and how points are handed out to what is behind them."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn.decisions import DecisionFault, check_decision, read_decision
from bpmn.moment import Moment
from workflows.calendar import WorkingCalendar
from workflows.parameters import PARAMETERS
from workflows.score_words import COMPONENTS, GRADES
from workflows.scoring.rules import COUNTS, RATES, Entry, Rules, decide, facts

CALENDAR = WorkingCalendar()
FRIDAY = Moment(datetime(2013, 7, 5, 18, tzinfo=CALENDAR.zone), CALENDAR)
NUMBERS = {name: parameter.default for name, parameter in PARAMETERS.items()}
SCORE, GRADE = (read_decision(Path(f"bpmn/decisions/{name}.dmn").read_bytes()) for name in ("D6_score", "D6_grade"))
RULES = Rules(SCORE, GRADE, NUMBERS, FRIDAY)
NOTHING = {
    "kind": "principal",
    **{name: None for names in RATES.values() for name in names},
    **dict.fromkeys(COUNTS, 0),
    "adjusted": None,
    "weighed": 100,
}


def lines(numbers=NUMBERS, **found):
    given_ = SCORE.decide({**NOTHING, **found, "parameters": numbers}, FRIDAY)
    return {line["component"]: (line["points"], line["possible"], line["each"]) for line in given_}


@pytest.mark.parametrize("name", ["D6_score", "D6_grade"])
def test_the_tables_are_sound(name):
    assert check_decision(Path(f"bpmn/decisions/{name}.dmn").read_bytes()) == ()


@pytest.mark.parametrize(
    ("found", "component", "points", "possible", "each"),
    [
        ({"ledger": 0.9}, "ledger", 45, 50, None),
        ({"timeliness": 1.0}, "timeliness", 15, 15, None),
        ({"rectification": 0.0}, "rectification", 0, 15, None),
        ({"instructions": 0.5}, "instructions", 5, 10, None),
        ({"public": 0.25}, "public", 2.5, 10, None),
        ({"returned": 3}, "returned", -1.5, None, -0.5),
        ({"urged": 2}, "urged", -1, None, -0.5),
        ({"exposed": 2}, "exposed", -2, None, -1),
        ({"falsified": 1}, "falsified", -5, None, -5),
        ({"disclosed": 4}, "disclosed", 0.8, None, 0.2),
        ({"commended": 1}, "commended", 0.5, None, 0.5),
        ({"kind": "co_unit", "replies": 0.5}, "replies", 20, 40, None),
        ({"kind": "co_unit", "promises": 1}, "promises", 40, 40, None),
        ({"kind": "co_unit", "rating": 0.8}, "rating", 16, 20, None),
        ({"adjusted": -1.5}, "adjusted", -1.5, None, None),
        ({"kind": "co_unit", "adjusted": 2}, "adjusted", 2, None, None),
    ],
)
def test_every_row(found, component, points, possible, each):
    (row,) = lines(**found).items()
    assert row[0] == component
    assert row[1][0] == pytest.approx(points)
    assert row[1][1:] == ((possible, each) if possible is None else (pytest.approx(possible), each))


@pytest.mark.parametrize(
    ("found", "points"),
    [
        ({"returned": 10}, -5),
        ({"returned": 11}, -5),
        ({"urged": 40}, -5),
        ({"falsified": 3}, -15),
        ({"exposed": 12}, -12),
        ({"disclosed": 10}, 2),
        ({"disclosed": 99}, 2),
        ({"commended": 5}, 2),
    ],
)
def test_caps(found, points):
    (row,) = lines(**found).values()
    assert row[0] == pytest.approx(points)


def test_what_is_empty_has_no_row_and_its_weight_is_spread_over_the_others():
    found = lines(ledger=1, timeliness=0.5, weighed=65)
    assert set(found) == {"ledger", "timeliness"}
    assert found["ledger"][0] == pytest.approx(100 * 50 / 65)
    assert sum(row[1] for row in found.values()) == pytest.approx(100)


def test_rules_of_one_kind_do_not_apply_to_the_other():
    assert lines(kind="co_unit", ledger=1, returned=4) == {}
    assert lines(replies=1, promises=1, rating=1) == {}


def test_zero_is_a_score_and_no_adjustment_is_no_row():
    assert lines(ledger=0)["ledger"][0] == 0
    assert lines(adjusted=0) == {}


@pytest.mark.parametrize(
    ("total", "grade", "low"),
    [
        (100, "excellent", False),
        (90, "excellent", False),
        (89.99, "good", False),
        (80, "good", False),
        (79.99, "fair", False),
        (60, "fair", False),
        (59.99, "poor", True),
        (0, "poor", True),
        (None, None, False),
    ],
)
def test_every_grade(total, grade, low):
    assert GRADE.decide({"total": total, "parameters": NUMBERS}, FRIDAY) == {"grade": grade, "low": low}


@pytest.mark.parametrize(
    ("name", "value", "found", "points"),
    [
        ("score_ledger", 60, {"ledger": 0.5}, 30),
        ("score_returned", 1, {"returned": 2}, -2),
        ("score_returned_cap", 1, {"returned": 9}, -1),
        ("score_falsified", 10, {"falsified": 1}, -10),
        ("score_commended_cap", 0, {"commended": 9}, 0),
        ("score_replies", 70, {"kind": "co_unit", "replies": 1}, 70),
    ],
)
def test_the_numbers_are_parameters(name, value, found, points):
    (row,) = lines(NUMBERS | {name: value}, **found).values()
    assert row[0] == pytest.approx(points)


def test_limits_of_grades_are_parameters():
    stricter = NUMBERS | {"score_fair": 70}
    assert GRADE.decide({"total": 65, "parameters": stricter}, FRIDAY)["grade"] == "poor"


def test_a_fact_that_is_missing_is_a_fault_not_a_guess():
    with pytest.raises(DecisionFault):
        SCORE.decide({name: value for name, value in NOTHING.items() if name != "falsified"}, FRIDAY)


def test_pages_have_words_for_all_that_the_tables_give():
    assert {*COUNTS, *RATES["principal"], *RATES["co_unit"], "adjusted"} == set(COMPONENTS)
    assert set(GRADES) == {"excellent", "good", "fair", "poor"}


# ---- handing out


def entry(component, share=1.0, weight=1.0, number=0, day=1):
    return Entry(component, "x", weight, share, "item", str(number), day=date(2013, 6, day))


def test_a_hard_item_weighs_more():
    easy, hard = entry("ledger", 1.0, 1.0, 1), entry("ledger", 0.5, 1.5, 2)
    found = decide("district", [easy, hard], RULES)
    assert facts("district", [easy, hard], NUMBERS)["ledger"] == pytest.approx((1 + 0.75) / 2.5)
    assert found.total == Decimal("70.00")
    assert [(event.points, event.possible) for event in found.events] == [
        (Decimal("40.0000"), Decimal("40.0000")),
        (Decimal("30.0000"), Decimal("60.0000")),
    ]


def test_a_cap_spares_what_came_last():
    entries = [entry("ledger"), *(entry("returned", number=day, day=day) for day in range(1, 13))]
    found = decide("district", entries, RULES)
    points = [event.points for event in found.events if event.entry.component == "returned"]
    assert points == [Decimal("-0.5")] * 10 + [Decimal(0)] * 2
    assert found.total == Decimal("95.00")


def test_the_total_stays_between_0_and_100():
    good = [entry("ledger"), *(entry("commended", number=n) for n in range(9))]
    assert decide("district", good, RULES).total == Decimal("100.00")
    bad = [entry("ledger", 0.1), *(entry("falsified", number=n) for n in range(9))]
    found = decide("district", bad, RULES)
    assert (found.total, found.grade, found.low) == (Decimal("0.00"), "poor", True)


def test_without_any_base_there_is_no_score_whatever_was_deducted():
    found = decide("district", [entry("returned")], RULES)
    assert (found.total, found.grade, found.low) == (None, None, False)
    assert decide("co_unit", [], RULES).total is None


def test_weights_that_are_all_nought_give_no_score():
    nought = Rules(SCORE, GRADE, NUMBERS | {f"score_{name}": 0 for name in RATES["principal"]}, FRIDAY)
    assert decide("district", [entry("ledger")], nought).total is None


PART = st.builds(
    entry,
    st.sampled_from([*RATES["principal"], *COUNTS]),
    st.floats(0, 1, allow_nan=False),
    st.sampled_from([0.1, 1.0, 1.2, 1.5, 1 / 3]),
    st.integers(0, 10**6),
    st.integers(1, 30),
)


@given(st.lists(PART, max_size=60))
def test_points_of_the_events_add_up_to_their_component_exactly(entries):
    found = decide("district", entries, RULES)
    for component in found.components:
        behind = [event for event in found.events if event.entry.component == component.name]
        assert sum(event.points for event in behind) == component.points
        assert len(behind) == component.count
        if component.possible is not None:
            assert sum(event.possible for event in behind) == component.possible
            assert all(Decimal("-0.0001") <= event.points for event in behind)
    base = [component.possible for component in found.components if component.possible is not None]
    assert not base or abs(sum(base) - 100) < Decimal("0.001")
    assert found.total is None or 0 <= found.total <= 100


@given(st.lists(PART, max_size=30), st.randoms())
def test_the_order_in_which_evidence_is_read_does_not_matter(entries, random):
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert decide("district", shuffled, RULES).total == decide("district", entries, RULES).total
