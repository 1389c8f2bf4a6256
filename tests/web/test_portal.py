"""The public portal as somebody without an account meets it: reading, saying something, following it, its limits."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from bpmn.moment import Moment, WeekdayCalendar
from engine.database import Sessions
from engine.tables import Attachment, Message
from tests.web.campaigns import CHAOYANG, FENGTAI, MONDAY, Town, in_course, people
from workflows import parameters
from workflows.tables import Disclosure, Opinion, ParameterValue, PortalUse, PublicNotice

NUMERALS = "零一二三四五六七八九"
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PAGES = ("", "disclosures", "notices", "answers", "opinions/new", "opinions/follow")


@pytest.fixture
def town(sessions: Sessions, hashed_password: str, clock: Any) -> Town:
    made = Town(sessions)
    with sessions.begin() as session:
        people(session, hashed_password)
        in_course(session, made, [CHAOYANG, FENGTAI])
    clock.now = MONDAY.now
    return made


@pytest.fixture
def limit(sessions: Sessions, clock: Any, cast: Any) -> Callable[..., None]:
    """Set parameters to other values from today on."""

    def put(**values: int) -> None:
        today = Moment(clock.now, WeekdayCalendar()).today
        with sessions.begin() as session:
            for name, value in values.items():
                assert name in parameters.PARAMETERS
                about = {"set_by": cast.admin.id, "set_at": clock.now, "reason": ""}
                session.add(ParameterValue(name=name, value=value, valid_from=today, **about))

    return put


def solution(page: str) -> dict[str, str]:
    """The sum of the page, as a person reads it."""
    found = re.search(r'name="question" value="([^"]+)"', page)
    asked = re.search(r'for="answer">([^<]+)<', page)
    assert found, page[:3000]
    assert asked
    return {"question": unescape(found[1]), "answer": str(added(asked[1]))}


def added(question: str) -> int:
    """What comes out, in whichever language it is asked."""
    numbers = [NUMERALS.index(sign) for sign in question if sign in NUMERALS]
    numbers += [WORDS.index(word) for word in re.findall(r"[a-z]+", question) if word in WORDS]
    assert len(numbers) == 2, question
    return sum(numbers)


def say(stranger: Any, content: str = "朝阳区建国路工地扬尘很大。", **more: Any) -> Any:
    page = stranger.get("/public/opinions/new").text
    return stranger.post("/public/opinions/new", {"content": content, "channel": "portal", **solution(page), **more})


def code_of(stranger: Any) -> str:
    found = re.search(r'class="portal-code"[^>]*>([^<]+)<', stranger.get("/public/opinions/given").text)
    assert found
    return found[1]


def photo() -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(out, "JPEG")
    return io.BytesIO(out.getvalue()), "扬尘.jpg"


def opinions_of(sessions: Sessions) -> list[Opinion]:
    with sessions.read() as session:
        return list(session.scalars(select(Opinion)))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_open_and_empty_at_first(stranger: Any, page: str) -> None:
    answer = stranger.get(f"/public/{page}")
    assert answer.status_code == 200
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    stranger.post("/language", {"language": "en"})
    assert 'lang="en"' in stranger.get(f"/public/{page}").text


def test_what_is_said_arrives_and_is_followed_by_its_code(stranger: Any, sessions: Sessions) -> None:
    answer = say(stranger, contact="13800138000", photos=[photo(), photo()])
    assert answer.status_code == 302
    code = code_of(stranger)
    assert re.fullmatch(r"([2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}", code)
    (opinion,) = opinions_of(sessions)
    assert (opinion.content, opinion.contact, len(opinion.photos)) == ("朝阳区建国路工地扬尘很大。", "13800138000", 2)
    with sessions.read() as session:
        assert session.scalars(select(Message.name)).all() == ["msg_public_opinion"]
        assert {one.geo for one in session.scalars(select(Attachment))} == {None}
    found = stranger.post("/public/opinions/follow", {"code": code.lower().replace("-", " ")})
    assert found.status_code == 200
    assert opinion.number in found.text
    assert "建国路" in found.text
    assert "13800138000" not in found.text


def test_what_is_followed_shows_no_personal_data(stranger: Any) -> None:
    say(stranger, "邻居张某的电话是13912345678，身份证110101199003074258，天天烧垃圾。")
    found = stranger.post("/public/opinions/follow", {"code": code_of(stranger)}).text
    assert "天天烧垃圾" in found
    assert "13912345678" not in found
    assert "110101199003074258" not in found


def test_who_stays_anonymous_leaves_no_contact(stranger: Any, sessions: Sessions) -> None:
    say(stranger, contact="13800138000", anonymous="true")
    assert [(one.anonymous, one.contact) for one in opinions_of(sessions)] == [(True, None)]


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ({"content": "  "}, ["content"]),
        ({"content": "字" * 4001}, ["content"]),
        ({"contact": "9" * 201}, ["contact"]),
        ({"lat": "nan", "lon": "1"}, ["location"]),
        ({"answer": "100"}, ["answer"]),
        ({"answer": ""}, ["answer"]),
        ({"question": "forged"}, ["answer"]),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    stranger: Any, sessions: Sessions, typed: Mapping[str, str], faults: list[str]
) -> None:
    answer = say(stranger, **{"contact": "010-1234", **typed})
    assert answer.status_code == 422
    for fault in faults:
        assert f'href="#{fault}"' in answer.text
    if "contact" not in typed:
        assert 'value="010-1234"' in answer.text
    assert opinions_of(sessions) == []


@pytest.mark.parametrize("data", [b"%PDF-1.7 rest", b"<html>", b"\xff\xd8\xff broken"])
def test_only_photos_can_be_sent(stranger: Any, sessions: Sessions, settings: Any, data: bytes) -> None:
    answer = say(stranger, photos=[(io.BytesIO(data), "a.jpg")])
    assert answer.status_code == 422
    assert 'href="#photos"' in answer.text
    assert opinions_of(sessions) == []
    assert not settings.attachments.exists() or list(settings.attachments.iterdir()) == []


def test_more_photos_than_allowed(stranger: Any, sessions: Sessions) -> None:
    assert say(stranger, photos=[photo() for _ in range(7)]).status_code == 422
    assert opinions_of(sessions) == []


def test_each_answer_to_the_sum_counts_once(stranger: Any, sessions: Sessions, clock: Any) -> None:
    page = stranger.get("/public/opinions/new").text
    items = {"content": "工地扬尘很大。", "channel": "portal", **solution(page)}
    assert stranger.post("/public/opinions/new", items).status_code == 302
    assert stranger.post("/public/opinions/new", items).status_code == 409, "also pressed twice"
    page = stranger.get("/public/opinions/new").text
    items |= solution(page)
    clock.move(minutes=61)
    assert stranger.post("/public/opinions/new", items).status_code == 422, "too late"
    assert len(opinions_of(sessions)) == 1


def test_the_sum_is_also_answered_in_words(stranger: Any, sessions: Sessions) -> None:
    page = stranger.get("/public/opinions/new").text
    found = solution(page)
    number = int(found["answer"])
    tens = {0: "", 1: "十"}[number // 10]
    words = tens + (NUMERALS[number % 10] if number % 10 or not tens else "")
    assert say(stranger, answer=words, question=found["question"]).status_code == 302
    assert len(opinions_of(sessions)) == 1


def test_who_fills_in_what_nobody_sees_is_no_person(stranger: Any, sessions: Sessions) -> None:
    assert say(stranger, website="http://example.com").status_code == 302
    assert opinions_of(sessions) == []
    assert stranger.get("/public/opinions/given").status_code == 404


def test_a_visitor_can_say_so_much_in_an_hour(
    app: Any, stranger: Any, sessions: Sessions, clock: Any, limit: Callable[..., None]
) -> None:
    limit(portal_opinions_hour=2)
    assert [say(stranger, content=text).status_code for text in ("扬尘很大之一", " ", "扬尘很大之二")] == [
        302,
        422,
        429,
    ]
    assert "12345" in say(stranger).text
    other = type(stranger)(app.test_client())
    other.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert say(other).status_code == 302, "others may"
    clock.move(hours=1)
    assert say(stranger).status_code == 302
    with sessions.read() as session:
        assert "127.0.0.1" not in "".join(session.scalars(select(PortalUse.visitor)))


def test_all_visitors_together_are_limited_too(app: Any, stranger: Any, limit: Callable[..., None]) -> None:
    limit(portal_opinions_all_hour=1)
    assert say(stranger).status_code == 302
    other = type(stranger)(app.test_client())
    other.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert say(other).status_code == 429


def test_codes_can_not_be_tried_out(stranger: Any, clock: Any, limit: Callable[..., None]) -> None:
    say(stranger)
    code = code_of(stranger)
    limit(portal_lookups_hour=3)
    tried = [stranger.post("/public/opinions/follow", {"code": f"AAAA{n}"}).status_code for n in range(3)]
    assert tried == [404, 404, 404], "they count although nothing is found"
    assert stranger.post("/public/opinions/follow", {"code": code}).status_code == 429
    clock.move(hours=1)
    assert stranger.post("/public/opinions/follow", {"code": code}).status_code == 200


def test_old_counts_are_forgotten(stranger: Any, sessions: Sessions, clock: Any) -> None:
    say(stranger)
    clock.move(days=3)
    say(stranger)
    with sessions.read() as session:
        assert session.scalar(select(func.count(PortalUse.hour.distinct()))) == 1


def test_the_code_is_shown_for_a_while_only(stranger: Any, clock: Any) -> None:
    say(stranger)
    assert stranger.get("/public/opinions/given").status_code == 200
    clock.move(minutes=16)
    assert stranger.get("/public/opinions/given").status_code == 404


def test_the_answer_is_rated(stranger: Any, sessions: Sessions, clock: Any) -> None:
    say(stranger)
    code = code_of(stranger)
    assert stranger.post("/public/opinions/rate", {"code": code, "resolved": "true"}).status_code == 422
    rated = {"code": code, "resolved": "false", "satisfaction": "dissatisfied", "comment": "还在冒烟"}
    assert stranger.post("/public/opinions/rate", rated).status_code == 409, "there is no answer yet"
    with sessions.begin() as session:
        opinion = session.scalars(select(Opinion)).one()
        opinion.status, opinion.reply_text, opinion.replied_at = "replied", "已责令整改。", clock.now
        opinion.rating_until = clock.now + timedelta(days=7)
    page = stranger.post("/public/opinions/follow", {"code": code}).text
    assert "已责令整改。" in page
    assert 'action="/public/opinions/rate"' in page
    assert stranger.post("/public/opinions/rate", rated).status_code == 200
    (opinion,) = opinions_of(sessions)
    assert (opinion.resolved, opinion.satisfaction, opinion.comment) == (False, "dissatisfied", "还在冒烟")
    assert stranger.post("/public/opinions/rate", rated).status_code == 409


def test_without_a_token_nothing_is_taken(stranger: Any, sessions: Sessions) -> None:
    page = stranger.get("/public/opinions/new").text
    for address in ("new", "follow", "rate"):
        items = {"content": "扬尘很大。", **solution(page), "csrf_token": "x", "code": "x"}
        assert stranger.client.post(f"/public/opinions/{address}", data=items).status_code == 400
    assert opinions_of(sessions) == []


def test_only_what_is_published_is_read(stranger: Any, town: Town, sessions: Sessions) -> None:
    with sessions.begin() as session:
        for number, status in enumerate(("published", "preparing", "withheld")):
            session.add(_disclosure(town.campaign_id, number, status))
        for number, shown in enumerate((True, False)):
            session.add(_notice(town, number, shown))
    page = stranger.get("/public/").text
    assert "大气污染治理进展0" in page
    for hidden in ("进展1", "进展2", "公示事项1"):
        assert hidden not in page
    assert "公示事项0" in page
    assert "进展0" in stranger.get("/public/disclosures?q=进展&kind=progress").text
    assert "进展0" not in stranger.get("/public/disclosures?kind=plan").text
    assert "进展0" not in stranger.get("/public/disclosures?q=别的").text
    one = stranger.get(f"/public/disclosures/{'0' * 32}").text
    assert "已淘汰两千辆" in one
    assert "淘汰老旧机动车" in one
    assert [stranger.get(f"/public/disclosures/{str(n) * 32}").status_code for n in (1, 2, 3)] == [404, 404, 404]
    assert "公示事项0" in stranger.get("/public/notices?q=事项").text
    assert "公示事项0" not in stranger.get("/public/notices?q=别的").text


@pytest.mark.parametrize("address", ["disclosures?page=x&kind=x&unit=%27", "notices?page=-1", "answers?page=99999999"])
def test_nonsense_is_answered(stranger: Any, address: str) -> None:
    assert stranger.get(f"/public/{address}").status_code == 200


def _disclosure(campaign_id: str, number: int, status: str) -> Disclosure:
    item = {
        "item_id": "x", "sub_item": "A3", "sub_item_name": "控制机动车排放污染", "district": "朝阳区",
        "name": "淘汰老旧机动车",
        "target": "26000", "unit_of_measure": "辆", "standard": None, "verified": "2000", "percent": "7.69",
        "deadline": "2013-12-20", "done": False,
    }  # fmt: skip
    return Disclosure(
        id=str(number) * 32, number=f"公布{number}" if status == "published" else None, campaign_id=campaign_id,
        unit=f"sthj{number}", task_code="air", kind="progress", period="2013-05", title=f"大气污染治理进展{number}",
        text="已淘汰两千辆。", items=[item], status=status, begun_at=MONDAY.now,
        published_at=MONDAY.now if status == "published" else None,
    )  # fmt: skip


def _notice(town: Town, number: int, shown: bool) -> PublicNotice:
    return PublicNotice(
        instance_id=town.campaign_id, subject=f"公示事项{number}", unit="110105", text="已完成。", since=MONDAY.now,
        until=MONDAY.now + timedelta(days=5), shown=shown, reason="",
    )  # fmt: skip
