"""Tasks: of a person, of a service, of another process, a script, a decision, a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bpmn.decisions import Decision
from bpmn.expressions import Expression, Script
from bpmn.timers import Timer
from engine.runtime.faults import Failure
from engine.runtime.nodes.base import Node
from engine.runtime.outcome import Request, TaskOpened
from engine.runtime.variables import names_at
from faults import N_

if TYPE_CHECKING:
    from engine.runtime.instance import Instance
    from engine.runtime.token import Token

Inputs = tuple[tuple[str, Expression], ...]


class PassTask(Node):
    """A task of no kind, or a manual task: nothing to do here, so the token passes."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who may do a user task, with what form, until when; expressions of the diagram."""

    form: str | None = None
    roles: tuple[str, ...] | Expression = ()
    org: Expression | None = None
    task_code: Expression | None = None
    assignee: Expression | None = None
    not_same_as: tuple[str, ...] = ()
    barred: Expression | None = None  # gives account ids
    due: Timer | None = None
    subject: Expression | None = None
    same_as: str | None = None  # the task whose performer gets it, if somebody has done that
    choose: str | None = None
    nobody: str | None = None
    repeated_of: tuple[str, ...] | None = None  # tasks whose performers need not do it again; (): of the same form


class UserTask(Node):
    """A person works on it until `operations.complete` brings the answers."""

    waits = "task"
    brings_scope = False
    assignment = Assignment()
    when_skipped: Inputs = ()  # what stands there if it is skipped

    def work(self, token: Token) -> bool:
        instance: Instance = token.workflow
        names = names_at(token)
        performers = names.get("performers", {})
        given = self.assignment
        counter = token.internal_data.get("counter")
        instance.effects.open(
            TaskOpened(
                token=token.id,
                element=self.element or self.name,
                name=self.description,
                form=given.form,
                roles=self._roles(given.roles, token),
                org=self._text(given.org, token),
                task_code=self._text(given.task_code, token),
                assignee=self._text(given.assignee, token) or performers.get(given.same_as),
                barred=self._barred(token, performers),
                due=given.due.due(names, instance.moment) if given.due else None,
                item=token.parent.task_spec.item(token.parent, counter) if counter is not None else None,
                counter=counter,
                subject=self._text(given.subject, token),
                choose=given.choose,
                nobody=given.nobody,
                repeats=self._repeats(performers),
            )
        )
        return False

    def _barred(self, token: Token, performers: dict[str, Any]) -> tuple[str, ...]:
        """Who may not do it: the performers of other tasks, and the accounts that the diagram names."""
        accounts = _performed(self.assignment.not_same_as, performers)
        expression = self.assignment.barred
        named = token.workflow.evaluate(expression, token) if expression else None
        if not isinstance(named, list | tuple | None) or not all(isinstance(account, str) for account in named or ()):
            message = N_("Who may not do {element} must be named by a list of accounts.")
            raise Failure("expression", message, element=self.description)
        return tuple(dict.fromkeys((*accounts, *(named or ()))))

    def _repeats(self, performers: dict[str, Any]) -> dict[str, str]:
        """Who has done one of the tasks that this one repeats, and which; the one that was done last counts."""
        repeated = self.assignment.repeated_of
        if repeated is None:
            return {}
        tasks = repeated or tuple(
            node.element
            for node in self._wf_spec.task_specs.values()
            if isinstance(node, UserTask) and node.element and node.assignment.form == self.assignment.form
        )
        return {account: task for task in tasks if task != self.element for account in _performed((task,), performers)}

    def _roles(self, roles: tuple[str, ...] | Expression, token: Token) -> tuple[str, ...]:
        """An expression gives the names of roles, as a list or as a text with commas."""
        if isinstance(roles, tuple):
            return roles
        found = token.workflow.evaluate(roles, token)
        named = found.split(",") if isinstance(found, str) else found
        if not isinstance(named, list) or not all(isinstance(name, str) and name.strip() for name in named):
            raise Failure("expression", N_("Who may do {element} must be named by a text."), element=self.description)
        return tuple(name.strip() for name in named)

    def _text(self, expression: Expression | None, token: Token) -> str | None:
        if expression is None:
            return None
        value = token.workflow.evaluate(expression, token)
        if value is None or (isinstance(value, str) and value):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        raise Failure("expression", N_("Who may do {element} must be named by a text."), element=self.description)


def _performed(keys: tuple[str, ...], performers: dict[str, Any]) -> tuple[str, ...]:
    # `performers["x[]"]` are all who did a multi-instance task, `performers["x"]` the last one.
    accounts: dict[str, None] = {}
    for key in keys:
        for account in performers.get(f"{key}[]") or [performers.get(key)]:
            if account is not None:
                accounts[account] = None
    return tuple(accounts)


class RequestTask(Node):
    """Work for outside: a registered service, or another process; answered by `respond` or `fail`."""

    waits = "request"
    brings_scope = False
    kind: Literal["service", "call"] = "service"
    wanted = ""
    given: Inputs = ()  # what it is given

    def work(self, token: Token) -> bool:
        instance: Instance = token.workflow
        inputs = instance.inputs(self.given, token)
        instance.effects.open(Request(token.id, self.element or self.name, self.kind, self.wanted, inputs))
        return False


class ScriptTask(Node):
    """Assignments to variables."""

    script: Script

    def work(self, token: Token) -> bool:
        instance: Instance = token.workflow
        for name, value in self.script.run(names_at(token), instance.moment).items():
            instance.store(token, name, value)
        return True


class DecisionTask(Node):
    """A decision table, evaluated on the variables and the inputs."""

    brings_scope = False
    decision: Decision
    given: Inputs = ()  # what it is given

    def work(self, token: Token) -> bool:
        instance: Instance = token.workflow
        names = {**names_at(token), **instance.inputs(self.given, token)}
        instance.store(token, self.element or self.name, self.decision.decide(names, instance.moment))
        return True
