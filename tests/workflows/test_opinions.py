"""Opinions as rows and as the public sees them: taken in, followed, rated, counted. And the services' promises."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import attachments
from engine.accounts import WrongPassword, authenticate
from engine.attachments import Captured
from engine.services import ServiceFault
from engine.tables import Account, Attachment, Message
from tests.workflows.conftest import MOMENT, an_instance, furnished
from workflows import opinion_cases, opinions, registers
from workflows.opinions import NoSuchOpinion, NotRatable, OpinionRefused
from workflows.services import public
from workflows.stage import _picture
from workflows.tables import Opinion

SMOKE = "王四营村口每天晚上烧垃圾，我叫张建国，电话13812345678。"
PLACE = {"lat": 39.87, "lon": 116.53}


def say(session, content=SMOKE, contact="13812345678", anonymous=False, photos=(), location=PLACE):
    return opinions.submit(session, "portal", content, location, contact, anonymous, photos, MOMENT)


def taken_up(office, opinion, **changed):
    given = {
        "opinion_id": opinion.id, "channel": "portal", "content": SMOKE, "location": None, "contact": "13812345678",
        "anonymous": False, "route": "no_action", "task_code": "air", "unit": None, "duplicate_of": None,
    }  # fmt: skip
    return office.run("take_up_opinion", **given | changed)


def replied(office, opinion, text="已清理。", publish=True):
    office.run("reply_opinion", opinion_id=opinion.id, text=text, publish=publish)
    return office.run("call_back", opinion_id=opinion.id)


def test_what_is_said_stands_in_its_row_and_nowhere_else(office):
    opinion = say(office.session)
    assert (opinion.number, opinion.status, opinion.contact) == ("督意字〔2013〕1号", "received", "13812345678")
    (message,) = office.session.scalars(select(Message).where(Message.name == "msg_public_opinion"))
    assert message.key == opinion.id
    assert "13812345678" not in str(message.payload)
    assert "张建国" not in str(message.payload)


def test_codes_can_t_be_guessed_and_are_written_to_be_read_out(office):
    codes = {say(office.session).code for _ in range(50)}
    assert len(codes) == 50
    assert all(len(code) == 16 and not set(code) & set("01IO") for code in codes)
    code = codes.pop()
    assert opinions.written(code) == "-".join([code[:4], code[4:8], code[8:12], code[12:]])
    for spelling in (code, opinions.written(code).lower(), f" {code} "):
        assert opinions.followed(office.session, spelling, MOMENT).status == "received"
    for unknown in ("", "ABCD", code[:-1], "%" * 16, "x" * 5000):
        with pytest.raises(NoSuchOpinion):
            opinions.followed(office.session, unknown, MOMENT)


def test_who_is_anonymous_leaves_no_contact(office):
    assert say(office.session, anonymous=True).contact is None


@pytest.mark.parametrize(
    ("changed", "element"),
    [
        ({"content": "  烧 "}, "content"),
        ({"content": "烧" * 4001}, "content"),
        ({"content": "机密★\n某项目的环评"}, "content"),
        ({"contact": "1" * 201}, "contact"),
        ({"location": {"lat": 200, "lon": 1}}, "location"),
        ({"location": {"lat": "x", "lon": 1}}, "location"),
        ({"location": {"lat": True, "lon": 1}}, "location"),
        ({"photos": (None,) * 7}, "photos"),
    ],
)
def test_what_can_t_be_taken_names_its_field_and_leaves_nothing(office, changed, element):
    with pytest.raises(OpinionRefused) as caught:
        say(office.session, **changed)
    assert [problem.element for problem in caught.value.problems] == [element]
    assert office.session.scalars(select(Opinion)).all() == []


def test_photos_belong_to_the_case_and_nobody_can_log_in_as_their_sender(office, tmp_path):
    photo = attachments.take(tmp_path, _picture("smoke"), "photo.jpg", Captured(), MOMENT)
    opinion = say(office.session, photos=(photo,))
    found = office.run("register_opinion", said=opinions.payload(opinion))
    (row,) = office.session.scalars(select(Attachment))
    assert (found["photos"], row.instance_id) == ([row.id], office.instance.id)
    assert office.session.get_one(Account, row.account_id).active is False
    with pytest.raises(WrongPassword):
        authenticate(office.session, row.account_id, "!", MOMENT)


def test_whoever_holds_the_code_reads_masked_texts_only(office):
    opinion = say(office.session)
    taken_up(office, opinion)
    replied(office, opinion, "张建国先生（13812345678）：已清理。", publish=False)
    seen = opinions.followed(office.session, opinion.code, MOMENT)
    for text in (seen.content, seen.reply, opinion.title):
        assert "13812345678" not in text
        assert "张建国" not in text
    assert not any("contact" in name for name in seen.__dataclass_fields__)


def test_only_lead_units_answer(office):
    opinion = say(office.session)
    assert taken_up(office, opinion, unit="110000-SRW")["unit"] == "110000-SRW"
    assert taken_up(office, opinion, unit="110105-HB")["unit"] == "110000-HBJ", "a unit of a district does not"
    assert taken_up(office, opinion, unit=None, task_code="env")["unit"] == "110000-SRW"


def test_it_repeats_another_one_and_never_itself(office):
    first, again = say(office.session), say(office.session)
    taken_up(office, again, route="duplicate", duplicate_of=again.id)
    assert again.duplicate_of is None
    taken_up(office, again, route="duplicate", duplicate_of=first.id)
    assert again.duplicate_of == first.id


def test_only_what_passed_the_gate_is_published_and_it_can_be_taken_back(office):
    opinion = say(office.session)
    taken_up(office, opinion)
    replied(office, opinion)
    (shown,), total = opinions.answered(office.session, "", 10, 0)
    assert (shown.reply, total) == ("已清理。", 1)
    assert "张**" in shown.content
    office.run("reply_opinion", opinion_id=opinion.id, text="已清理。", publish=False)
    assert opinions.answered(office.session, "", 10, 0) == ([], 0)
    checked = office.run("screen_reply", opinion_id=opinion.id, text="机密★", publish=False)
    assert (checked["passed"], checked["verdict"]) == (False, "refuse")


def test_an_answer_is_rated_once_and_in_time(office):
    opinion = say(office.session)
    taken_up(office, opinion)
    with pytest.raises(NotRatable):
        opinions.rate(office.session, opinion.code, True, "satisfied", "", MOMENT)
    replied(office, opinion)
    with pytest.raises(OpinionRefused):
        opinions.rate(office.session, opinion.code, True, "delighted", "", MOMENT)
    opinions.rate(office.session, opinion.code, True, "satisfied", "谢谢", MOMENT)
    with pytest.raises(NotRatable):
        opinions.rate(office.session, opinion.code, False, "dissatisfied", "", MOMENT)
    assert office.run("note_call", opinion_id=opinion.id, reached=True, resolved=False, satisfaction="dissatisfied",
                      comment="") == {"reached": True}  # fmt: skip
    assert opinion.satisfaction == "satisfied", "what he said himself stands"


def test_two_ratings_at_once_are_one(sessions, at_once):
    with sessions.begin() as session:
        office = furnished(session)
        opinion = say(session)
        taken_up(office, opinion)
        replied(office, opinion)
        code = opinion.code

    def rate(satisfaction):
        with sessions.begin() as session:
            opinions.rate(session, code, True, satisfaction, "", MOMENT)

    results = at_once(lambda: rate("satisfied"), lambda: rate("dissatisfied"))
    assert sorted(type(one).__name__ for one in results) == ["NoneType", "NotRatable"]


def test_rates_count_what_was_due_and_what_was_said(office):
    said = [say(office.session) for _ in range(4)]
    for opinion in said:
        taken_up(office, opinion)
    for opinion, satisfaction in zip(said[:3], ("satisfied", "dissatisfied", None), strict=True):
        replied(office, opinion)
        if satisfaction:
            opinions.rate(office.session, opinion.code, satisfaction == "satisfied", satisfaction, "", MOMENT)
    span = (MOMENT.now, MOMENT.now + timedelta(days=60))
    found = opinions.rates(office.session, None, "110000-HBJ", *span)
    assert (found.due, found.response, found.resolution, found.satisfaction) == (4, 0.75, 0.5, 0.5)
    assert opinions.rates(office.session, None, "110000-SWJ", *span).response is None


def test_what_is_read_takes_the_same_statements_for_one_and_for_many(office, database, count):
    def statements(number):
        for _ in range(number):
            opinion = say(office.session)
            taken_up(office, opinion)
            replied(office, opinion)
        office.session.flush()
        with count(database) as counted:
            opinions.answered(office.session, "烧垃圾", 20, 0)
        return len(counted)

    assert statements(1) == statements(5) == 3


def test_opinions_are_offered_by_their_numbers(office):
    opinion = say(office.session)
    assert registers.offer(office.session, "opinions") == [(opinion.id, opinion.title)]
    assert registers.names(office.session, [opinion.id]) == {opinion.id: opinion.title}


def test_what_is_alike_is_found_and_shown_without_names(office):
    first = say(office.session)
    say(office.session, content="建议多种树，少硬化地面。")
    again = say(office.session, content=SMOKE.replace("每天", "天天"))
    (found,) = office.run("register_opinion", said=opinions.payload(again))["similar"]
    assert found["opinion_id"] == first.id
    assert "13812345678" not in found["content"]


@pytest.mark.parametrize(
    ("said", "code"), [({"opinion_id": "x" * 33}, "bad_id"), ({"opinion_id": "k", "channel": "fax"}, "bad_channel")]
)
def test_a_message_from_outside_that_makes_no_sense_is_a_fault(office, said, code):
    with pytest.raises(ServiceFault) as caught:
        office.run("register_opinion", said=said)
    assert caught.value.code == code


def test_every_service_about_opinions_returns_what_its_row_promises(office):
    opinion = say(office.session)
    one = {"opinion_id": opinion.id}
    given = {
        "register_opinion": {"said": opinions.payload(opinion)},
        "name_opinion_problem": one | {"problem_id": "p1"},
        "opinion_outcome": one,
        "screen_reply": one | {"text": "已清理。", "publish": True},
        "reply_opinion": one | {"text": "已清理。", "publish": True, "awaited_problem": None},
        "call_back": one,
        "note_call": one | {"reached": True, "resolved": True, "satisfaction": "satisfied", "comment": None},
        "settle_opinion": one,
        "cancel_opinion": one | {"reason": "市政府另有部署"},
    }
    table = {service.name: service for service in public.TABLE}
    assert set(taken_up(office, opinion)) == set(table["take_up_opinion"].outputs)
    for name, inputs in given.items():
        assert set(inputs) == set(table[name].inputs), name
        assert set(office.run(name, **inputs)) == set(table[name].outputs), name
    with pytest.raises(ServiceFault):
        opinion_cases.locked(office.session, "nowhere")


def test_an_opinion_from_outside_keeps_its_case(office):
    office.run("register_opinion", said={"opinion_id": "k7", "content": "建议多种树。", "channel": "letter"})
    other = an_instance(office.session, "public_opinion")
    found = opinion_cases.register(office.session, other, {"said": {"opinion_id": "k7"}}, MOMENT)
    assert found["content"] == "建议多种树。", "told twice, it is one"
