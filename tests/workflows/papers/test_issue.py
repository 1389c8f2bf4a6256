"""Papers are compiled and issued by services, on both databases; templates are kept edition by edition."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.exc import DatabaseError

from bpmn.moment import Moment, WeekdayCalendar
from engine import accounts
from engine.access import Actor, NotFound, NotYours
from engine.services import ServiceFault
from engine.tables import Instance
from workflows.papers import editions, issue
from workflows.papers.language import TemplateRefused
from workflows.papers.printed import printed
from workflows.tables import Ledger, Paper

MOMENT = Moment(datetime(2013, 6, 3, 1, 0, tzinfo=UTC), WeekdayCalendar())
TEXT = "<p>请按期办结。</p>"


@pytest.fixture
def case(sessions, ledger_in):
    """The instance of a running campaign."""
    with sessions.read() as session:
        return session.get_one(Ledger, ledger_in).campaign_id


def issued(sessions, case, moment=MOMENT, **inputs):
    given = {"kind": "rectification_notice", "title": "整改通知书", "text": TEXT, **inputs}
    with sessions.begin() as session:
        return issue.issue_paper(session, session.get_one(Instance, case), given, moment)


def paper(sessions, made):
    with sessions.read() as session:
        row = session.get_one(Paper, made["paper"])
        return row, printed(row)


def test_a_paper_gets_the_next_number_and_the_date_of_today(sessions, case):
    first, second = issued(sessions, case), issued(sessions, case)
    assert (first["number"], second["number"]) == ("督整字〔2013〕1号", "督整字〔2013〕2号")
    row, sheet = paper(sessions, first)
    assert (row.issued_on, row.classification, row.status) == (date(2013, 6, 3), "internal", "issued")
    assert (sheet.mark, sheet.day_words) == ("生态和环境建设督查工作协调小组办公室文件", "2013年6月3日")


def test_codes_become_names_and_a_given_number_and_date_stand(sessions, case):
    made = issued(
        sessions,
        case,
        number="京政办发〔2013〕21号",
        issue_date="2013-04-19",
        addressees=["110105", "各市属机构"],
        copies="110000-HBJ",
        issuer="110000-SWJ",
    )
    row, sheet = paper(sessions, made)
    assert made["number"] == "京政办发〔2013〕21号"
    assert (row.addressees, row.copies, row.org) == (["朝阳区", "各市属机构"], ["市环保局"], "110105")
    assert (row.issuer, row.issued_on, sheet.mark) == ("市水务局", date(2013, 4, 19), "市水务局文件")


def test_without_a_text_it_is_compiled(sessions, case):
    facts = {"case": "渣土遗撒", "order": {"requirement": "立即清理", "standard": "无遗撒"}, "deadline": "2013-06-20"}
    facts["order"] |= {"rectification_kind": "general", "publicise": False}
    made = issued(sessions, case, title=None, text=None, facts={**facts, "sign_days": 1})
    assert made["title"] == "关于“渣土遗撒”的整改通知书"
    with sessions.read() as session:
        body = session.get_one(Paper, made["paper"]).body
    for words in ("立即清理", "一般整改", "2013年6月20日"):
        assert words in body, words


def test_a_draft_is_compiled_for_editing(sessions, case):
    with sessions.begin() as session:
        inputs = {"kind": "notice", "campaign_id": case, "facts": {"issuer": "北京市人民政府办公厅"}}
        draft = issue.compile_paper(session, session.get_one(Instance, case), inputs, MOMENT)
    assert draft["title"].startswith("北京市人民政府办公厅关于开展")
    assert "督查对象" in draft["text"]
    assert [one["kind"] for one in draft["source"]] == ["campaign"]


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"kind": "poem"}, "bad_kind"),
        ({"classification": "secret"}, "bad_classification"),
        ({"title": "机密★1年 通知"}, "secrecy_mark"),
        ({"text": "<p>绝密</p><p>正文</p>"}, "secrecy_mark"),
        ({"number": "秘密★3号"}, "secrecy_mark"),
        ({"issue_date": "soon"}, "bad_date"),
        ({"text": None}, "bad_template"),
    ],
)
def test_what_is_not_issued(sessions, case, inputs, code):
    with pytest.raises(ServiceFault) as fault:
        issued(sessions, case, **inputs)
    assert fault.value.code == code
    with sessions.read() as session:
        assert not session.scalars(select(Paper)).all()


def test_what_came_from_outside_is_cleaned(sessions, case):
    made = issued(sessions, case, title="a\n b\t c", text="<p onclick=x>正文<script>x</script></p>")
    row, _ = paper(sessions, made)
    with sessions.read() as session:
        assert session.get_one(Paper, row.id).body == "<p>正文</p>"
    assert row.title == "a b c"


def test_an_issued_paper_is_never_altered(sessions, case):
    made = issued(sessions, case)
    for change in ("UPDATE paper SET title = 'x'", "DELETE FROM paper", "UPDATE paper SET body = 'x'"):
        with pytest.raises(DatabaseError, match="append-only"), sessions.begin() as session:
            session.execute(sql(change))
    with sessions.begin() as session:
        session.execute(sql("UPDATE paper SET status = 'void'"))
    assert paper(sessions, made)[0].status == "void"


@pytest.fixture
def admin(sessions, case):
    with sessions.read() as session:
        return accounts.actor(session, "admin-01")


def test_templates_are_kept_edition_by_edition(sessions, admin):
    own = "<h1>整改通知</h1><p>{{ unit | unit }}</p>"
    with sessions.begin() as session:
        assert editions.edited(session) == frozenset()
        editions.save(session, admin, "rectification_notice", own, "改文种", MOMENT)
        assert editions.in_force(session, "rectification_notice") == own
        assert editions.edited(session) == {"rectification_notice"}
        editions.save(session, admin, "rectification_notice", own + "<p>加一段</p>", "加一段", MOMENT)
        editions.revert(session, admin, "rectification_notice", 1, MOMENT)
        assert editions.in_force(session, "rectification_notice") == own
        editions.revert(session, admin, "rectification_notice", 0, MOMENT)
        assert editions.in_force(session, "rectification_notice") == editions.shipped("rectification_notice")
        assert editions.edited(session) == frozenset()
        assert [one.number for one in editions.history(session, "rectification_notice")] == [4, 3, 2, 1, 0]


def test_a_paper_is_compiled_by_the_edition_in_force(sessions, admin, case):
    with sessions.begin() as session:
        editions.save(session, admin, "rectification_notice", "<h1>整改令</h1><p>{{ unit | unit }}</p>", "x", MOMENT)
    made = issued(sessions, case, title=None, text=None, facts={"unit": "110108"})
    assert made["title"] == "整改令"


def test_only_administrators_edit_and_what_does_not_fit_is_not_saved(sessions, admin):
    with sessions.begin() as session:
        with pytest.raises(NotYours):
            editions.save(session, Actor("officer", "officer"), "notice", "<h1>x</h1>", "x", MOMENT)
        with pytest.raises(NotFound):
            editions.save(session, admin, "poem", "<h1>x</h1>", "x", MOMENT)
        with pytest.raises(NotFound):
            editions.revert(session, admin, "notice", 7, MOMENT)
        with pytest.raises(TemplateRefused):
            editions.save(session, admin, "notice", "<h1>{{ nothing }}</h1>", "x", MOMENT)
        with pytest.raises(TemplateRefused):
            editions.save(session, admin, "notice", "<h1>x</h1>", " ", MOMENT)
        assert len(editions.history(session, "notice")) == 1
