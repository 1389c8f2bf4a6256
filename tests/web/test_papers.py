"""Papers: read in the page by those who may see the case, taken along as files; templates edited by administrators."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from docx import Document

from engine.tables import Instance
from workflows.papers import editions, issue

Visit = Callable[[Any], Any]
TEXT = "<h3>一、要求</h3><p>按期办结<b>，</b>不得延误。</p><table><tr><th>事项</th><td>锅炉改造</td></tr></table>"
TEMPLATES = "/admin/templates/notice"


@pytest.fixture
def paper(sessions: Any, errand: Any, moment: Any) -> str:
    """A slip that was issued in a case of the north."""
    case = errand.issued().instance_id
    inputs = {
        "kind": "rectification_notice",
        "title": "整改通知书",
        "text": TEXT,
        "number": "督整字〔2013〕7号",
        "addressees": ["北区"],
    }
    with sessions.begin() as session:
        made = issue.issue_paper(session, session.get_one(Instance, case), inputs, moment)
    return str(made["paper"])


def test_a_paper_is_read_in_the_page_and_found_from_its_case(visit: Visit, cast: Any, errand: Any, paper: str) -> None:
    officer = visit(cast.officer)
    page = officer.get(f"/papers/{paper}").text
    for words in ("整改通知书", "督整字〔2013〕7号", "北区：", "按期办结<b>，</b>不得延误。", "锅炉改造"):
        assert words in page, words
    listed = officer.get("/papers?q=7号").text
    assert f'href="/papers/{paper}"' in listed
    assert f'href="/papers/{paper}"' not in officer.get("/papers?q=8号").text
    case = page.split('href="/cases/')[1].split('"')[0]
    assert f'href="/papers/{paper}"' in officer.get(f"/cases/{case}").text


def test_it_is_taken_along_as_docx_and_pdf(visit: Visit, cast: Any, paper: str) -> None:
    officer = visit(cast.officer)
    word = officer.get(f"/papers/{paper}.docx")
    assert word.mimetype.endswith("wordprocessingml.document")
    assert "attachment" in word.headers["Content-Disposition"]
    assert "不得延误" in "".join(one.text for one in Document(BytesIO(word.data)).paragraphs)
    pdf = officer.get(f"/papers/{paper}.pdf")
    assert pdf.mimetype == "application/pdf"
    with pypdfium2.PdfDocument(pdf.data) as document:
        assert "锅炉改造" in document[0].get_textpage().get_text_bounded()


def test_who_may_not_see_the_case_sees_no_paper(visit: Visit, cast: Any, paper: str) -> None:
    outsider = visit(cast.outsider)
    for ending in ("", ".docx", ".pdf"):
        assert outsider.get(f"/papers/{paper}{ending}").status_code == 403
    assert paper not in outsider.get("/papers").text


def test_no_transaction_is_open_while_a_paper_is_printed(
    visit: Visit, cast: Any, paper: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flask import g

    from workflows.papers import pdf

    open_ones = []
    monkeypatch.setattr(pdf, "to_pdf", lambda *_: open_ones.append("database" in g) or b"%PDF")
    visit(cast.officer).get(f"/papers/{paper}.pdf")
    assert open_ones == [False]


def test_an_administrator_edits_a_template(visit: Visit, cast: Any, sessions: Any) -> None:
    admin = visit(cast.admin)
    text = "<h1>{{ campaign.title }}</h1><p>新的正文 {{ campaign.start_date | day }}</p>"
    tried = admin.post(TEMPLATES, {"text": text, "reason": "", "_action": "preview"}).text
    assert "新的正文 2013年4月15日" in tried
    assert admin.post(TEMPLATES, {"text": text, "reason": "措辞"}).location == TEMPLATES
    page = admin.get(TEMPLATES).text
    for words in ("新的正文 2013年4月15日", "措辞", "admin 01"):
        assert words in page, words
    assert "mark-blue" in admin.get("/admin/templates").text
    assert admin.post(f"{TEMPLATES}/revert", {"edition": "0"}).location == TEMPLATES
    with sessions.read() as session:
        assert editions.in_force(session, "notice") == editions.shipped("notice")
        assert len(editions.history(session, "notice")) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [("<h1>{{ nothing }}</h1>", "nothing"), ("<h1>{% if %}</h1>", "1"), ("<p>ohne</p>", "h1"), ("", "h1")],
)
def test_a_template_that_makes_no_paper_is_refused_and_kept_in_the_page(
    visit: Visit, cast: Any, sessions: Any, text: str, words: str
) -> None:
    answer = visit(cast.admin).post(TEMPLATES, {"text": text, "reason": "x"})
    assert answer.status_code == 422
    assert words in answer.text.split('href="#text">')[1].split("</a>")[0]
    with sessions.read() as session:
        assert len(editions.history(session, "notice")) == 1


def test_a_template_needs_a_reason(visit: Visit, cast: Any) -> None:
    answer = visit(cast.admin).post(TEMPLATES, {"text": editions.shipped("notice"), "reason": " "})
    assert answer.status_code == 422
    assert 'href="#reason"' in answer.text


def test_the_sample_is_printed_by_what_is_in_the_page(visit: Visit, cast: Any) -> None:
    answer = visit(cast.auditor).post(f"{TEMPLATES}/sample.pdf", {"text": "<h1>题目</h1><p>试印</p>"})
    assert answer.mimetype == "application/pdf"
    with pypdfium2.PdfDocument(answer.data) as document:
        assert "试印" in document[0].get_textpage().get_text_bounded()


def test_there_is_no_template_of_an_unknown_kind(visit: Visit, cast: Any) -> None:
    admin = visit(cast.admin)
    assert admin.get("/admin/templates/poem").status_code == 404
    assert admin.post("/admin/templates/poem", {"text": "<h1>x</h1>", "reason": "x"}).status_code == 404
