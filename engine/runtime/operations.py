"""What can be done with an instance: (definition, state, event, moment) -> `Outcome`. Nothing passed in is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from bpmn.moment import Moment
from engine.runtime.bounds import LARGEST_INPUT
from engine.runtime.codec import dump, load
from engine.runtime.definition import Definition
from engine.runtime.faults import BadValue, CannotReturn, Failure, NoSuchStart, NoSuchToken
from engine.runtime.instance import FAILURES, Instance
from engine.runtime.nodes.activities import RequestTask, UserTask
from engine.runtime.nodes.base import Node
from engine.runtime.nodes.events import CatchingNode
from engine.runtime.nodes.multi_instance import MultiInstance
from engine.runtime.outcome import Outcome, Request, Subscription, TaskOpened, TimerSet
from engine.runtime.returning import returnable
from engine.runtime.token import Token
from engine.runtime.values import plain, weight
from engine.runtime.variables import names_at
from engine.runtime.verdict import release
from faults import N_


def start(definition: Definition, start_element: str | None, variables: Mapping[str, Any], moment: Moment) -> Outcome:
    """Begin an instance at a start event; None is the one without a sign. Raises NoSuchStart, BadValue."""
    chosen = _chosen_start(definition, start_element)
    given = _brought_in(variables)
    given["performers"] = {}
    instance = Instance(definition.network, moment, weight(given))
    root = Token(instance, definition.network.start, None, TaskState.FUTURE)
    root.internal_data = {"vars": given, "start": chosen}
    instance.task_tree = root
    root._set_state(TaskState.READY)
    return outcome_of(instance)


def complete(
    definition: Definition, state: bytes, token: str, answers: Mapping[str, Any], actor: str, moment: Moment
) -> Outcome:
    """A person has done a user task. Raises NoSuchToken, BadValue."""
    brought = _brought_in(answers)
    instance = load(definition.network, state, moment)
    place = _open(instance, token, UserTask)
    _store(instance, place, brought)
    instance.note_performer(place, place.task_spec.element, actor)
    instance.resume(place)
    return outcome_of(instance)


def names(definition: Definition, state: bytes, token: str, moment: Moment) -> Mapping[str, Any]:
    """What expressions see at an open user task: inner variables hide outer ones. Raises NoSuchToken."""
    instance = load(definition.network, state, moment)
    return names_at(_open(instance, token, UserTask))


def wake(definition: Definition, state: bytes, token: str, moment: Moment) -> Outcome:
    """A timer is due; the caller knows that it is. Raises NoSuchToken."""
    instance = load(definition.network, state, moment)
    place = _open(instance, token, CatchingNode)
    if place.task_spec.waits != "timer":
        raise NoSuchToken
    instance.resume(place)
    return outcome_of(instance)


def deliver(definition: Definition, state: bytes, token: str, payload: Mapping[str, Any], moment: Moment) -> Outcome:
    """A message or signal has come for a subscription. Raises NoSuchToken, BadValue."""
    brought = _brought_in(payload)
    instance = load(definition.network, state, moment)
    place = _open(instance, token, CatchingNode)
    if place.task_spec.waits != "subscription":
        raise NoSuchToken
    _store(instance, place, brought)
    instance.resume(place)
    return outcome_of(instance)


def respond(definition: Definition, state: bytes, token: str, result: Mapping[str, Any], moment: Moment) -> Outcome:
    """A service or a called process has given its result. Raises NoSuchToken, BadValue."""
    brought = _brought_in(result)
    instance = load(definition.network, state, moment)
    place = _open(instance, token, RequestTask)
    _store(instance, place, brought)
    instance.resume(place)
    return outcome_of(instance)


def fail(definition: Definition, state: bytes, token: str, code: str, message: str, moment: Moment) -> Outcome:
    """A service or a called process has failed with a BPMN error code ("": a technical failure). Raises NoSuchToken."""
    instance = load(definition.network, state, moment)
    place = _open(instance, token, RequestTask)
    reason = N_("{element} failed with the error {error}: {detail}")
    failure = Failure("service", reason, code, element=place.task_spec.description, error=code, detail=message[:2000])
    instance.failed(place, failure)
    return outcome_of(instance)


def retry(definition: Definition, state: bytes, token: str, moment: Moment) -> Outcome:
    """Try again what ended in a trouble. Raises NoSuchToken if the token is not in error."""
    instance = load(definition.network, state, moment)
    place = instance.tasks.get(token)
    if place is None or place._state != TaskState.ERROR:
        raise NoSuchToken
    phase, code = place.internal_data.pop("error")
    if code == "bound":
        release(instance.tasks.values())
    if code == "deadlock":
        place._set_state(TaskState.STARTED)
    elif phase == "leave":
        _leave_again(instance, place)
    elif place is instance.root:
        place._set_state(TaskState.READY)
    else:
        instance.replace(place)._set_state(TaskState.READY)
    return outcome_of(instance)


def cancel(definition: Definition, state: bytes, reason: str, moment: Moment) -> Outcome:
    """End the instance whatever it is at. Raises NoSuchToken if it has ended."""
    instance = load(definition.network, state, moment)
    for child in instance.root.children:
        child.cancel()
    if definition.key:
        instance.log(instance.root, "cancelled", reason=reason)
    instance.finished("cancelled")
    return outcome_of(instance)


def return_to(definition: Definition, state: bytes, token: str, element: str, moment: Moment) -> Outcome:
    """Close ``token`` and open the earlier user task ``element`` of the same scope again.

    Tokens that came, or would come, from doing that task are closed too: they will come again.  One of several who
    do a multi-instance task returns it for all of them, or as soon as the others have done it, as the diagram says.
    Raises NoSuchToken, CannotReturn.
    """
    instance = load(definition.network, state, moment)
    place = instance.tasks.get(token)
    if place is None or place is instance.root:
        raise NoSuchToken
    one_of = place.parent.task_spec
    several = isinstance(one_of, MultiInstance) and one_of.inner is place.task_spec
    target: Node | None = definition.network.task_specs.get(element)
    if target is None or not returnable(target, one_of if several else place.task_spec):
        raise CannotReturn(element=target.description if target is not None else element)
    if several:
        if not one_of.sent_back(place.parent, place, element):
            return outcome_of(instance)
        place = place.parent
    instance.go_back(place, target)
    place.cancel()
    return outcome_of(instance)


def answers_when_skipped(
    definition: Definition, state: bytes, token: str, fields: Iterable[str], earlier: str | None, moment: Moment
) -> dict[str, Any]:
    """What stands there as the answers of a user task that nobody does: what the diagram says, else what was answered
    in the ``earlier`` task, else None, for each of ``fields``.  Raises NoSuchToken, and the fault of an expression.
    """
    instance = load(definition.network, state, moment)
    place = _open(instance, token, UserTask)
    answered = names_at(place).get(earlier or "")
    given = {name: answered.get(name) if isinstance(answered, dict) else None for name in fields}
    return given | instance.inputs(place.task_spec.when_skipped, place)


def skip(
    definition: Definition, state: bytes, token: str, answers: Mapping[str, Any], performer: str | None, moment: Moment
) -> Outcome:
    """Go on without a user task being done. ``performer``: who has done the same before; None: there is nobody, and
    among several who decide together it does not count.  Raises NoSuchToken, BadValue.
    """
    brought = _brought_in(answers)
    instance = load(definition.network, state, moment)
    place = _open(instance, token, UserTask)
    _store(instance, place, brought)
    if performer is None:
        place.internal_data["passed_over"] = 1
    else:
        instance.note_performer(place, place.task_spec.element, performer)
    instance.resume(place)
    return outcome_of(instance)


def outcome_of(instance: Instance) -> Outcome:
    """Let the instance run as far as it can; what came of it."""
    instance.run()
    effects = instance.effects
    opened = effects.opened.values()
    return Outcome(
        state=dump(instance),
        status=instance.status,
        variables=instance.root.internal_data["vars"],
        tasks_opened=tuple(effect for effect in opened if isinstance(effect, TaskOpened)),
        tasks_closed=tuple(effects.tasks_closed),
        timers_set=tuple(effect for effect in opened if isinstance(effect, TimerSet)),
        timers_cleared=tuple(effects.closed["timer"]),
        subscriptions_opened=tuple(effect for effect in opened if isinstance(effect, Subscription)),
        subscriptions_closed=tuple(effects.closed["subscription"]),
        requests_opened=tuple(effect for effect in opened if isinstance(effect, Request)),
        requests_closed=tuple(effects.closed["request"]),
        thrown=tuple(effects.thrown),
        steps=tuple(instance.steps),
        troubles=tuple(instance.troubles),
        ended_at=instance.ended_at if instance.status == "completed" else None,
        result=instance.result,
    )


def _chosen_start(definition: Definition, element: str | None) -> str:
    kinds = {begin.element: begin.kind for begin in definition.starts}
    if element is None:
        plain_starts = [name for name, kind in kinds.items() if kind == "none"]
        if plain_starts:
            return plain_starts[0]
        if not kinds:
            return ""  # the process begins wherever nothing leads to
    elif element in kinds:
        return element
    raise NoSuchStart


def _brought_in(values: Mapping[str, Any]) -> dict[str, Any]:
    brought = plain(values)
    if not isinstance(brought, dict):
        raise BadValue(what=N_("it is not a mapping"))
    if weight(brought) > LARGEST_INPUT:
        raise BadValue(what=N_("it is too large"))
    return brought


def _open(instance: Instance, token: str, kind: type[Node]) -> Token:
    place: Token | None = instance.tasks.get(token)
    if place is None or place._state != TaskState.STARTED or not isinstance(place.task_spec, kind):
        raise NoSuchToken
    return place


def _store(instance: Instance, place: Token, value: dict[str, Any]) -> None:
    """What comes from outside is refused as a whole if the instance would become too large."""
    try:
        instance.store(place, place.task_spec.element, value)
    except Failure as failure:
        raise BadValue(what=str(failure)) from failure


def _leave_again(instance: Instance, place: Token) -> None:
    place._state = TaskState.COMPLETED
    instance.log(place, "entered")
    try:
        place.task_spec._on_complete(place)
    except FAILURES as failure:
        instance.failed(place, failure)
