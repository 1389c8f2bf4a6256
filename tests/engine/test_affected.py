"""The running cases one by one: what another version would do to each, filtered and page by page."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from engine import impact, tasks
from engine.access import NotYours
from engine.affected import Case, Wanted, cases
from engine.publish import Bundle
from engine.tables import Instance


@pytest.fixture
def renamed(errand_bundle: Bundle) -> Bundle:
    forms = {name.replace("report", "account"): form for name, form in errand_bundle.forms.items()}
    forms = {name: {**form, "name": name} for name, form in forms.items()}
    return Bundle(errand_bundle.diagram.replace(b'"report"', b'"account"'), forms, {})


def listed(errand: Any, bundle: Bundle, wanted: Wanted, *place: int, who: str = "admin") -> tuple[list[Case], int]:
    offset, limit = place or (0, 100)
    with errand.sessions.read() as session:
        target = impact.target_of_bundle("errand", bundle)
        return cases(session, getattr(errand.cast, who), target, {}, wanted, offset, limit, errand.moment)


def titles(found: tuple[list[Case], int]) -> list[str]:
    return [one.judged.title for one in found[0]]


def test_each_case_with_its_verdict_and_who_has_it(errand: Any, renamed: Bundle) -> None:
    started = errand.issued("甲")
    errand.start("乙")
    task = errand.open_task(started.instance_id)
    with errand.sessions.begin() as session:
        tasks.claim(session, errand.cast.colleague, task.id, errand.moment)
    found, total = listed(errand, renamed, Wanted())
    assert total == 2
    by_title = {one.judged.title: one for one in found}
    assert by_title["甲"].judged.group.stands == ("report",)
    (holder,) = by_title["甲"].holders
    assert (holder.name, holder.element, holder.touched) == ("colleague 01", "report", True)
    (free,) = by_title["乙"].holders
    assert (free.name, free.roles, free.org, free.touched) == (None, ("officer",), "north", True), (
        "what follows it changes"
    )


def test_they_are_filtered_and_read_page_by_page(errand: Any, renamed: Bundle, errand_bundle: Bundle) -> None:
    for number in range(5):
        errand.issued(f"第{number}件")
    errand.start("别的 100%")
    assert len(titles(listed(errand, renamed, Wanted(), 0, 4))) == 4
    found, total = listed(errand, renamed, Wanted(), 4, 4)
    assert (len(found), total) == (2, 6)
    assert titles(listed(errand, renamed, Wanted(words="100%"))) == ["别的 100%"]
    assert titles(listed(errand, renamed, Wanted(words="_"))) == []
    assert listed(errand, renamed, Wanted("blocked")) == ([], 0)
    assert listed(errand, renamed, Wanted("movable"))[1] == 6
    assert listed(errand, errand_bundle, Wanted("unaffected"))[1] == 6
    assert listed(errand, renamed, Wanted(), 100, 10) == ([], 6)


def test_those_with_an_open_task_of_somebody(errand: Any, renamed: Bundle) -> None:
    started = errand.issued("甲")
    errand.issued("乙")
    with errand.sessions.begin() as session:
        tasks.claim(session, errand.cast.colleague, errand.open_task(started.instance_id).id, errand.moment)
    assert titles(listed(errand, renamed, Wanted(holder="colleague"))) == ["甲"]
    assert titles(listed(errand, renamed, Wanted(holder="nobody"))) == []


def test_restricted_cases_are_for_those_whom_they_let_in(errand: Any, renamed: Bundle) -> None:
    started = errand.issued()
    with errand.sessions.begin() as session:
        session.get_one(Instance, started.instance_id).restricted_to = "|chief|"
    assert listed(errand, renamed, Wanted()) == ([], 0)
    assert listed(errand, renamed, Wanted(), who="auditor") == ([], 0)
    with pytest.raises(NotYours):
        listed(errand, renamed, Wanted(), who="officer")


def test_many_cost_no_more_statements_than_few(errand: Any, renamed: Bundle, count: Any) -> None:
    counts = []
    for more in (1, 1, 12):
        for _ in range(more):
            errand.issued()
        with count(errand.sessions.engine) as counted:
            listed(errand, renamed, Wanted())
        counts.append(len(counted))
    assert counts[1] == counts[2]
    with errand.sessions.read() as session:
        assert len(session.scalars(select(Instance)).all()) == 14
