"""Messages find the one who waits, or start a case, or wait; signals reach all who wait."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bpmn.moment import Moment
from engine import messages, work
from engine.payloads import NoItems
from engine.tables import Instance, Message, Subscription, Version

NOW = datetime(2014, 3, 5, 2, 0, tzinfo=UTC)
START = '<bpmn:startEvent id="start"/>'
ASK = '<bpmn:userTask id="ask" name="ask" ducha:candidateGroups="officer"/>'
CATCH = (
    '<bpmn:intermediateCatchEvent id="hear" ducha:correlationKey="{key}">'
    '<bpmn:messageEventDefinition id="d_hear" messageRef="m_hello"/></bpmn:intermediateCatchEvent>'
)
THROW = (
    '<bpmn:intermediateThrowEvent id="say" ducha:correlationKey="{key}"><bpmn:extensionElements>'
    '<ducha:input name="word" value="\'good\'"/></bpmn:extensionElements>'
    '<bpmn:messageEventDefinition id="d_say" messageRef="m_hello"/></bpmn:intermediateThrowEvent>'
)
ALARM = (
    '<bpmn:intermediateCatchEvent id="hear"><bpmn:signalEventDefinition id="d" signalRef="s_alarm"/>'
    "</bpmn:intermediateCatchEvent>"
)
BEGIN = '<bpmn:startEvent id="begin"><bpmn:messageEventDefinition id="d" messageRef="m_begin"/></bpmn:startEvent>' + ASK


@pytest.fixture
def listener(stage) -> str:
    """The instance that waits for msg_hello with the key 7."""
    stage.publish("listener", START + CATCH.format(key="'7'") + ASK, "start>hear", "hear>ask")
    return stage.start("listener")


def send(stage, name="msg_hello", key="7", payload=None, at=NOW) -> str:
    with stage.sessions.begin() as session:
        return messages.send(session, name, key, payload or {"word": "good"}, Moment(at))


def status(stage, message_id: str) -> str:
    return stage.rows(Message, Message.id == message_id)[0].status


def test_a_message_reaches_the_one_with_its_key(stage, listener):
    message = send(stage)
    assert stage.drain() == 1
    assert stage.open_tasks(listener) == ["ask"]
    assert stage.instance(listener).variables["hear"] == {"word": "good"}
    row = stage.rows(Message)[0]
    assert (row.id, row.status, row.delivered_to, row.delivered_at) == (message, "delivered", listener, NOW)


@pytest.mark.parametrize(("name", "key"), [("msg_hello", "8"), ("msg_hello", None), ("msg_other", "7")])
def test_another_name_or_key_waits_visibly(stage, listener, name, key):
    send(stage, name, key)
    stage.drain()
    assert stage.open_tasks(listener) == []
    with stage.sessions.read() as session:
        found, count = messages.waiting(session, 10)
    assert [(one.name, one.key, one.payload, one.sent_at) for one in found] == [(name, key, {"word": "good"}, NOW)]
    assert count == 1


def test_many_are_sent_at_once_each_to_its_key(stage, listener):
    with stage.sessions.begin() as session:
        messages.send_each(session, "msg_hello", {"7": {"word": "good"}, "8": {"word": "bad"}}, Moment(NOW))
    stage.drain()
    assert stage.open_tasks(listener) == ["ask"]
    assert stage.instance(listener).variables["hear"] == {"word": "good"}
    assert sorted(message.status for message in stage.rows(Message)) == ["delivered", "waiting"]


def test_one_for_outside_is_handed_out_and_does_not_wait(stage):
    to_outside = THROW.format(key="'7'").replace('id="say"', 'id="say" ducha:receiver="external"')
    stage.publish("speaker", START + to_outside + ASK, "start>say", "say>ask")
    stage.start("speaker")
    stage.drain()
    (message,) = stage.rows(Message)
    assert (message.status, message.delivered_to) == ("handed_out", None)
    with stage.sessions.read() as session:
        assert messages.waiting(session, 10) == ([], 0)


def test_one_in_the_name_of_an_element_is_handed_out_as_its_own_are_also_when_its_case_has_ended(stage):
    to_outside = THROW.format(key="'7'").replace('id="say"', 'id="say" ducha:receiver="external"')
    stage.publish("speaker", START + to_outside, "start>say")
    case = stage.start("speaker")
    stage.drain()
    assert stage.instance(case).status == "completed"
    with stage.sessions.begin() as session:
        messages.send_for(session, case, "say", "msg_hello", "8", {"word": "again"}, Moment(NOW))
        messages.send_for(session, case, "start", "msg_hello", "9", {"word": "lost"}, Moment(NOW))
    stage.drain()
    assert {message.key: message.status for message in stage.rows(Message)} == {
        "7": "handed_out", "8": "handed_out", "9": "waiting",
    }  # fmt: skip


def test_one_for_outside_still_reaches_a_process_that_waits_for_it(stage, listener):
    to_outside = THROW.format(key="'7'").replace('id="say"', 'id="say" ducha:receiver="external"')
    stage.publish("speaker", START + to_outside, "start>say")
    stage.start("speaker")
    stage.drain()
    assert stage.open_tasks(listener) == ["ask"]


def test_one_for_all_reaches_everybody_who_waits_for_it_and_nobody_need(stage, listener):
    second = stage.start("listener")
    to_all = THROW.format(key="'7'").replace('id="say"', 'id="say" ducha:receiver="all"')
    stage.publish("speaker", START + to_all + ASK, "start>say", "say>ask")
    stage.start("speaker")
    stage.drain()
    assert (stage.open_tasks(listener), stage.open_tasks(second)) == (["ask"], ["ask"])
    stage.start("speaker")
    stage.drain()
    assert sorted(message.status for message in stage.rows(Message)) == ["delivered"] * 3 + ["handed_out"]


def test_one_that_comes_early_is_kept(stage):
    message = send(stage)
    stage.drain()
    assert status(stage, message) == "waiting"
    stage.publish("listener", START + CATCH.format(key="'7'") + ASK, "start>hear", "hear>ask")
    listener = stage.start("listener", NOW + timedelta(days=30))
    stage.drain(NOW + timedelta(days=30))
    assert stage.open_tasks(listener) == ["ask"]
    assert status(stage, message) == "delivered"


def test_a_message_goes_to_one_only_the_oldest(stage, listener):
    second = stage.start("listener", NOW + timedelta(minutes=1))
    send(stage)
    stage.drain()
    assert (stage.open_tasks(listener), stage.open_tasks(second)) == (["ask"], [])
    send(stage)
    stage.drain()
    assert stage.open_tasks(second) == ["ask"]


def test_instances_talk_to_each_other(stage, listener):
    stage.publish("speaker", START + THROW.format(key="'7'"), "start>say")
    speaker = stage.start("speaker")
    assert stage.drain() == 1
    assert stage.open_tasks(listener) == ["ask"]
    assert stage.instance(listener).variables["hear"] == {"word": "good"}
    assert stage.rows(Message)[0].instance_id == speaker


def test_a_message_starts_a_case(stage):
    stage.publish("begun", BEGIN, "begin>ask")
    send(stage, "msg_begin", "any", {"title": "关于 A 街", "task_code": "air", "x": 1})
    stage.drain()
    (instance,) = stage.of("begun")
    assert (instance.title, instance.task_code) == ("关于 A 街", "air")
    assert instance.variables["begin"]["x"] == 1
    assert instance.variables["started_by"] == "begin"
    assert stage.open_tasks(instance.id) == ["ask"]


def test_a_process_that_is_published_later_gets_what_waits(stage):
    send(stage, "msg_begin", None)
    stage.drain()
    stage.publish("begun", BEGIN, "begin>ask")
    stage.drain()
    assert len(stage.of("begun")) == 1


def test_twice_has_one_effect(stage, listener):
    stage.publish("begun", BEGIN, "begin>ask")
    for message in (send(stage), send(stage, "msg_begin", None)):
        for _ in range(2):
            with stage.sessions.begin() as session:
                messages.perform(session, message, 0, Moment(NOW))
    assert stage.instance(listener).record_length == 2
    assert len(stage.of("begun")) == 1


def test_a_signal_reaches_all_who_wait_and_nobody_later(stage):
    stage.publish("guard", START + ALARM + ASK, "start>hear", "hear>ask")
    guards = [stage.start("guard") for _ in range(3)]
    with stage.sessions.begin() as session:
        messages.broadcast(session, "sig_alarm", {}, Moment(NOW))
    stage.drain()
    late = stage.start("guard")
    stage.drain()
    assert [stage.open_tasks(guard) for guard in [*guards, late]] == [["ask"], ["ask"], ["ask"], []]
    assert {row.status for row in stage.rows(Message)} == {"delivered"}


def test_a_signal_with_a_key_reaches_those_with_that_key_or_without_one(stage):
    for place in ("north", "south"):
        keyed = ALARM.replace('id="hear"', f"""id="hear" ducha:correlationKey="'{place}'" """)
        stage.publish(place, START + keyed + ASK, "start>hear", "hear>ask")
    stage.publish("watch", START + ALARM + ASK, "start>hear", "hear>ask")
    north, south, anyone = (stage.start(key) for key in ("north", "south", "watch"))
    with stage.sessions.begin() as session:
        messages.broadcast(session, "sig_alarm", {}, Moment(NOW), key="north")
    stage.drain()
    assert [stage.open_tasks(one) for one in (north, south, anyone)] == [["ask"], [], ["ask"]]
    with stage.sessions.begin() as session:
        messages.broadcast(session, "sig_alarm", {}, Moment(NOW))
    stage.drain()
    assert stage.open_tasks(south) == ["ask"], "a signal without a key is for everybody"


def test_a_signal_for_one_that_has_gone_is_dropped(stage):
    stage.publish("guard", START + ALARM + ASK, "start>hear", "hear>ask")
    guard = stage.start("guard")
    with stage.sessions.begin() as session:
        message = messages.broadcast(session, "sig_alarm", {}, Moment(NOW))
        messages.perform(session, message, 0, Moment(NOW))
    stage.cancel(guard)
    stage.drain()
    assert sorted(row.status for row in stage.rows(Message)) == ["delivered", "dropped"]
    assert stage.instance(guard).status == "cancelled"


def test_a_cancelled_instance_gets_no_messages(stage, listener):
    stage.cancel(listener)
    message = send(stage)
    stage.drain()
    assert status(stage, message) == "waiting"
    assert stage.rows(Subscription) == []


def test_what_slips_through_in_a_race_is_reconsidered(stage, listener):
    message = send(stage)
    with stage.sessions.begin() as session:  # as if the subscription had been opened in the very moment
        session.scalars(select(Message)).one().status = "waiting"
    stage.drain()
    assert status(stage, message) == "delivered"
    assert stage.rows(Instance)[0].record_length == 2


def test_a_signal_starts_a_case(stage):
    begin = BEGIN.replace(
        'messageEventDefinition id="d" messageRef="m_begin"', 'signalEventDefinition id="d" signalRef="s_alarm"'
    )
    stage.publish("begun", begin, "begin>ask")
    with stage.sessions.begin() as session:
        messages.broadcast(session, "sig_alarm", {"title": "警报"}, Moment(NOW))
    stage.drain()
    assert [one.title for one in stage.of("begun")] == ["警报"]


EACH = BEGIN.replace('id="begin"', 'id="begin" ducha:each="items"')
ITEMS = {"campaign": "c", "title": "all", "items": [{"title": "A", "n": 1}, {"title": "B", "n": 2}, {"n": 3}]}


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_a_list_starts_a_case_for_each_of_its_items(stage, kind):
    by_signal = EACH.replace(
        'messageEventDefinition id="d" messageRef="m_begin"', 'signalEventDefinition id="d" signalRef="s_alarm"'
    )
    stage.publish("begun", EACH if kind == "message" else by_signal, "begin>ask")
    with stage.sessions.begin() as session:
        if kind == "message":
            messages.send(session, "msg_begin", "k", ITEMS, Moment(NOW))
        else:
            messages.broadcast(session, "sig_alarm", ITEMS, Moment(NOW))
    stage.drain()
    begun = {one.variables["begin"]["n"]: one for one in stage.of("begun")}
    assert {number: one.title for number, one in begun.items()} == {1: "A", 2: "B", 3: "all"}
    assert begun[2].variables["begin"] == {"campaign": "c", "title": "B", "n": 2}
    assert {row.status for row in stage.rows(Message)} == {"delivered"}
    assert len(stage.rows(Message)) == 4


def test_what_is_on_its_way_arrives_at_the_version_that_was_published_meanwhile(stage):
    stage.publish("begun", EACH, "begin>ask")
    message = send(stage, "msg_begin", None, ITEMS)
    with stage.sessions.begin() as session:
        messages.perform(session, message, 0, Moment(NOW))
    stage.publish("begun", EACH.replace('name="ask"', 'name="ask again"'), "begin>ask")
    stage.drain()
    newest = max(version.id for version in stage.rows(Version))
    assert [one.version_id for one in stage.of("begun")] == [newest] * 3


def test_an_empty_list_starts_nothing(stage):
    stage.publish("begun", EACH, "begin>ask")
    message = send(stage, "msg_begin", None, {"items": []})
    stage.drain()
    assert stage.of("begun") == []
    assert status(stage, message) == "delivered"


@pytest.mark.parametrize("payload", [{}, {"items": "abc"}, {"items": [1]}])
def test_a_payload_without_its_list_is_an_incident(stage, payload):
    stage.publish("begun", EACH, "begin>ask")
    send(stage, "msg_begin", None, payload)
    with stage.sessions.begin() as session, pytest.raises(NoItems):
        messages.perform(session, session.scalars(select(Message.id)).one(), 0, Moment(NOW))
    assert stage.of("begun") == []


def test_messages_arrive_while_officers_work(stage):
    """Workers and officers lock in the same order: nobody fails, nobody waits for ever, nothing is lost."""
    stage.publish(
        "busy",
        START + '<bpmn:parallelGateway id="both"/>' + CATCH.format(key="instance_id") + ASK,
        "start>both",
        "both>hear",
        "both>ask",
    )
    cases = [stage.start("busy") for _ in range(8)]
    for case in cases:
        send(stage, key=case)
    with stage.sessions.read() as session:
        found = work.due(session, Moment(NOW), 100)

    def worker() -> None:
        for one in found:
            work.attempt(stage.sessions, one, {}, Moment(NOW))

    def officer() -> None:
        for case in reversed(cases):
            stage.complete(case, "ask", {})

    threads = [threading.Thread(target=each) for each in (worker, officer, worker)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {row.status for row in stage.rows(Message)} == {"delivered"}
    assert {row.failures for row in stage.rows(Message)} == {0}
    assert {(one.status, one.record_length) for one in stage.of("busy")} == {("completed", 3)}
