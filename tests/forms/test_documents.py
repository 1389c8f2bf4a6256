"""The shipped forms hold the fields of the domain guide, and every one of them can be filled in.

What a form asks beyond the guide stands in ``expected/added.csv`` with the reason. Both keep the order of their tables.
"""

from __future__ import annotations

import csv
from pathlib import Path

import jsonschema_rs
import pytest

import forms
from forms.document import check_form, read_form, texts
from forms.field import Form
from forms.fields import TYPES
from forms.schema import compile_schema

DOCUMENTS = Path(forms.__file__).parent / "documents"
PATHS = sorted(DOCUMENTS.rglob("*.json"))
EXPECTED = Path(__file__).parent / "expected"


def rows(name: str) -> list[dict[str, str]]:
    with (EXPECTED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


GUIDE, ADDED = rows("guide.csv"), rows("added.csv")
ASKED = GUIDE + ADDED
# Where a form asks for less than the guide: (process, task, field) -> the row. "offered": only while shown, optional.
RELAXED = {(row["process"], row["task"], row["field"]): row for row in rows("relaxed.csv")}


def read(name: str) -> Form:
    return read_form((DOCUMENTS / f"{name}.json").read_bytes())


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_document_is_sound_and_named_after_its_place(path: Path) -> None:
    assert check_form(path.read_bytes()) == ()
    form = read_form(path.read_bytes())
    assert form.name == path.relative_to(DOCUMENTS).with_suffix("").as_posix()
    assert jsonschema_rs.meta.is_valid(compile_schema(form))


def test_there_is_a_form_for_every_task_of_the_guide() -> None:
    processes = {row["process"] for row in GUIDE}
    written = {path.relative_to(DOCUMENTS).with_suffix("").as_posix() for path in PATHS}
    tasks = {f"{row['process']}/{row['task']}" for row in ASKED}
    assert {name for name in written if name.split("/")[0] in processes} == tasks


@pytest.mark.parametrize("name", sorted({f"{row['process']}/{row['task']}" for row in ASKED}))
def test_fields_are_those_of_the_guide_and_those_that_were_added(name: str) -> None:
    form = read(name)
    expected = [row for row in ASKED if f"{row['process']}/{row['task']}" == name]
    own = [field for field in form.fields if field.name not in ("opinion", "attachments")]
    named = {row["field"] for row in GUIDE if f"{row['process']}/{row['task']}" == name}
    # A condition can ask for earlier fields only, so what is added may have to stand before what it decides about.
    own.sort(key=lambda field: field.name not in named)
    assert [(field.name, field.label, field.type) for field in own] == [
        (row["field"], row["label"], row["type"]) for row in expected
    ]
    for field, row in zip(own, expected, strict=True):
        assert [value for value, _ in field.options] == [value for value in row["options"].split("|") if value]
        requirement = RELAXED.get((row["process"], row["task"], row["field"]), row)["requirement"]
        assert field.required is (requirement in ("required", "conditional")), field.name
        assert bool(field.visible_if) is (requirement in ("conditional", "offered")), field.name
        assert bool(field.columns) is (field.type == "table"), field.name


def test_what_is_added_or_relaxed_is_explained() -> None:
    assert all(row["why"] for row in (*ADDED, *RELAXED.values()))
    assert RELAXED.keys() <= {(row["process"], row["task"], row["field"]) for row in GUIDE}


def test_every_form_takes_an_opinion_and_attachments() -> None:
    for path in PATHS:
        assert [field.name for field in read_form(path.read_bytes()).fields[-2:]] == ["opinion", "attachments"]


def test_the_texts_for_the_catalogues_are_complete() -> None:
    found = set(texts(read("rectification/submit_plan")))
    assert {"整改方案", "措施", "完成时限", "意见", "附件", "每项措施都要有责任人职务和完成时限。"} <= found


def test_every_type_and_attribute_is_documented() -> None:
    text = (Path(forms.__file__).parents[1] / "docs" / "forms.md").read_text(encoding="utf-8")
    for name in [*TYPES, *(attribute for kind in TYPES.values() for attribute in kind.takes)]:
        assert f"`{name}`" in text, name
