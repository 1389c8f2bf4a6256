"""What diagrams may call: the value that describes a service, and the fault by which it answers "no".

A service works on the session it is given, in the transaction that also hands its answer to the instance; so it
happens exactly once.  It must not reach outside (mail, HTTP, files): it writes rows that say what is to be sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.tables import Instance
from faults import Fault

# The variables on which the tests of decision tables can count, as they are at that moment.
Premises = Callable[[Moment], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Service:
    """``inputs`` and ``outputs`` are the names an author of diagrams needs to know; ``title`` is what he reads.

    ``run`` gets the instance (locked), the evaluated inputs and the moment; the JSON mapping it returns is stored under
    the id of the service task. It raises `ServiceFault` for what an error boundary may catch; anything else
    is tried again later and becomes an incident.

    ``at_start`` is there if the start event of a process may ask it when its timer is due: there is no instance then,
    and there are no inputs. It answers with ``outputs`` too.

    ``premises`` is there if diagrams hand what it answers to decision tables: it reads once what there is, for the
    tests of tables, which count on it as on the day of the test.
    """

    name: str
    title: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    run: Callable[[Session, Instance, Mapping[str, Any], Moment], Mapping[str, Any]]
    at_start: Callable[[Session, Moment], Mapping[str, Any]] | None = None
    premises: Callable[[Session], Premises] | None = None


Services = Mapping[str, Service]


class ServiceFault(Fault):
    """The service could not do what was asked of it."""

    def __init__(self, code: str, message: str | None = None, **params: Any) -> None:
        super().__init__(message, **params)
        self.code = code  # a BPMN error code
