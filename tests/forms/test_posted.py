"""Items of an HTML form as answers; what people type in odd ways is understood or kept."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from forms.posted import edited_rows, file_inputs, parse, pattern_of
from forms.prefilled import expressions, fit
from tests.forms.every import every_type

FORM = every_type()


@pytest.mark.parametrize(
    ("name", "typed", "expected"),
    [
        ("a_text", "  一 \t 行\n", "一 行"),
        ("a_longtext", "一\r\n\r\n二 ", "一\n\n二"),
        ("a_int", "1,234", 1234),
        ("a_int", "１２", 12),
        ("a_int", "12.0", 12),
        ("a_int", "12.5", "12.5"),
        ("a_int", "−3", -3),
        ("a_int", "0x10", "0x10"),
        ("a_int", "9" * 5000, "9" * 5000),
        ("a_decimal", "0.1", 0.1),
        ("a_decimal", ".5", 0.5),
        ("a_decimal", "1234567890.123456", "1234567890.123456"),
        ("a_decimal", "1e5", "1e5"),
        ("a_decimal", "nan", "nan"),
        ("a_decimal", "Infinity", "Infinity"),
        ("a_decimal", "1,2", "1,2"),
        ("a_percent", "12.5%", 12.5),
        ("a_percent", "８０％", 80),
        ("a_money", "1,234.5", "1,234.5"),
        ("a_bool", "true", True),
        ("a_bool", "false", False),
        ("a_bool", "maybe", "maybe"),
        ("a_date", "2013年5月6日", "2013-05-06"),
        ("a_date", "2013/5/6", "2013-05-06"),
        ("a_date", "5月6日", "5月6日"),
        ("a_datetime", "2013-05-06T17:30", "2013-05-06T17:30:00+08:00"),
        ("a_datetime", "明天", "明天"),
        ("a_refs", "r1\nr2\n\nr1", ["r1", "r2"]),
        ("a_evidences", "ab12", [{"id": "ab12"}]),
    ],
)
def test_what_was_typed(name: str, typed: str, expected: Any) -> None:
    assert parse(FORM, {name: [typed]})[name] == expected


def test_what_was_not_entered_is_no_answer() -> None:
    blank = {field.name: ["", "  "] for field in FORM.fields}
    assert parse(FORM, blank) == parse(FORM, {}) == {"maybe": False}


def test_names_that_are_no_field_are_left_alone() -> None:
    assert parse(FORM, {"csrf_token": ["x"], "_key": ["y"], "role": ["admin"]}) == {"maybe": False}


def test_rows_come_in_the_order_of_their_numbers_without_the_blank_ones() -> None:
    items = {
        "a_table-7-what": ["丙"],
        "a_table-0-what": ["甲"],
        "a_table-3-what": [" "],
        "a_table-12-on": ["2013-06-01"],
        "a_table-x-what": ["?"],
        "a_table-99999-what": ["?"],
    }
    assert parse(FORM, items)["a_table"] == [{"what": "甲"}, {"what": "丙"}, {"on": "2013-06-01"}]


def test_rows_are_bounded() -> None:
    items = {f"a_table-{n}-what": ["x"] for n in range(5000)}
    assert len(parse(FORM, items)["a_table"]) == 500
    more = edited_rows(FORM, items | {"_add": ["a_table"]})
    assert more is not None
    assert len(more["a_table"]) == 500


def test_a_place_has_two_numbers() -> None:
    assert parse(FORM, {"a_geo-lat": ["39.9"], "a_geo-lon": ["116.4"], "a_geo-accuracy": ["12"]})["a_geo"] == {
        "lat": 39.9,
        "lon": 116.4,
        "accuracy": 12.0,
    }
    assert parse(FORM, {"a_geo-lat": ["北纬"]})["a_geo"] == {"lat": "北纬"}
    assert "a_geo" not in parse(FORM, {"a_geo-accuracy": ["12"]})


def test_inputs_for_files_are_known_by_name() -> None:
    assert {name: field.name for name, field in file_inputs(FORM).items()} == {
        "a_file__upload": "a_file",
        "a_files__upload": "a_files",
        "a_evidences__upload": "a_evidences",
        "a_signature__upload": "a_signature",
        "a_table-*-pictures__upload": "pictures",
        "nested-*-steps-*-pictures__upload": "pictures",
        "nested-*-steps-*-paper__upload": "paper",
        "nested-*-steps-*-signed__upload": "signed",
        "attachments__upload": "attachments",
    }


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("a_files__upload", "a_files__upload"),
        ("a_table-3-pictures__upload", "a_table-*-pictures__upload"),
        ("nested-12-steps-0-paper__upload", "nested-*-steps-*-paper__upload"),
        ("nested-x-steps-0-paper__upload", "nested-x-steps-*-paper__upload"),
    ],
)
def test_the_rows_of_a_file_do_not_matter_for_what_takes_it(name: str, pattern: str) -> None:
    assert pattern_of(name) == pattern


INNER = {
    "nested-0-what": ["甲"],
    "nested-4-steps-7-how": ["丙"],
    "nested-4-steps-2-how": ["乙"],
    "nested-4-steps-3-how": [" "],
    "nested-9-steps-0-how": [""],
    "nested-4-steps-x-how": ["?"],
    "nested-4-steps-7-how-9-x": ["?"],
}


def test_rows_in_rows_come_in_the_order_of_their_numbers_without_the_blank_ones() -> None:
    steps = [{"how": "乙", "late": False}, {"how": "丙", "late": False}]
    assert parse(FORM, INNER)["nested"] == [{"what": "甲"}, {"steps": steps}]


def test_a_row_is_added_to_the_table_in_one_row_and_taken_from_it() -> None:
    blank = {"late": False}
    one, other = blank | {"how": "乙"}, blank | {"how": "丙"}
    more = edited_rows(FORM, INNER | {"_add": ["nested-4-steps"]})
    assert more is not None
    assert more["nested"] == [{"what": "甲"}, {"steps": [one, blank, other, {}]}, {"steps": [blank]}]
    less = edited_rows(FORM, INNER | {"_remove": ["nested-4-steps-2"]})
    assert less is not None
    assert less["nested"] == [{"what": "甲"}, {"steps": [blank, other]}, {"steps": [blank]}]
    outer = edited_rows(FORM, INNER | {"_remove": ["nested-4"]})
    assert outer is not None
    assert outer["nested"] == [{"what": "甲"}, {"steps": [blank]}]
    assert edited_rows(FORM, INNER | {"_add": ["nested"]}) == more | {
        "nested": [{"what": "甲"}, {"steps": [one, blank, other]}, {"steps": [blank]}, {}]
    }


@pytest.mark.parametrize("button", ["nested-4-what", "nested-4-steps-2-how", "nested-4-gone", "steps", "-", "a_text-0"])
def test_a_button_of_no_table_is_none(button: str) -> None:
    assert edited_rows(FORM, INNER | {"_add": [button]}) is None
    assert edited_rows(FORM, INNER | {"_remove": [f"{button}-0"]}) is None
    assert edited_rows(FORM, INNER | {"_remove": ["nested-" + "9" * 5000]}) is None


def test_prefilled_values_are_fitted_to_their_fields() -> None:
    values = {
        "a_date": datetime(2013, 5, 6, 17, 30, tzinfo=UTC),
        "a_datetime": datetime(2013, 5, 6, 9, 30, tzinfo=UTC),
        "a_money": Decimal("12.5"),
        "a_decimal": Decimal("0.25"),
        "a_text": date(2013, 5, 6),
        "a_orgs": ("o1",),
        "a_int": float("nan"),
        "a_enum": None,
        "strange": 1,
    }
    assert fit(FORM, values) == {
        "a_date": "2013-05-07",
        "a_datetime": "2013-05-06T17:30:00+08:00",
        "a_money": "12.50",
        "a_decimal": 0.25,
        "a_text": "2013-05-06",
        "a_orgs": ["o1"],
    }
    assert fit(FORM, {"a_date": "2013-05-06T17:30:00+08:00"}) == {"a_date": "2013-05-06"}
    assert fit(FORM, {"a_date": "soon"}) == {}
    assert expressions(FORM) == {"a_register": "x", "given": "x"}
