"""What forms offer to choose from, and how ids are called, for entries of registers."""

from datetime import UTC, datetime

import pytest

from forms.field import Field
from web import naming
from workflows.tables import Problem


@pytest.fixture
def register(sessions):
    with sessions.begin() as session:
        for number, status in ((1, "open"), (2, "solved")):
            session.add(
                Problem(
                    id=f"p{number}",
                    number=f"督问字〔2013〕{number}号",
                    title="注销资金",
                    districts=[],
                    affected_units=[],
                    status=status,
                    source="external",
                    reported_at=datetime(2013, 5, 13, tzinfo=UTC),
                )
            )
    return sessions


@pytest.fixture
def page(app):
    """Within a request: labels are in the language of whoever asks."""
    with app.test_request_context():
        yield


def test_a_reference_offers_the_entries_of_its_register(register, cast, page):
    with register.read() as session:
        offer = naming.choices(session, cast.officer)
        problem = Field("problem", "问题", "ref", register="open_problems")
        category = Field("category", "问题类别", "ref", register="problem_categories")
        assert list(offer(problem)) == [("p1", "督问字〔2013〕1号 注销资金")]
        assert ("funding_gap", "资金不到位") in offer(category)
        assert list(offer(Field("free", "编号", "ref"))) == [], "then the id is typed"
        assert list(offer(Field("name", "名称", "text"))) == []


def test_what_was_chosen_is_called_by_its_number_and_title(register, page):
    with register.read() as session:
        found = naming.named(session, lambda lookup: [lookup("ref", ident) for ident in ("p2", "other", "x")])
    assert found == ["督问字〔2013〕2号 注销资金", "其他", None]
