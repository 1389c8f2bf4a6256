"""What a caller may have done wrong (nothing was changed), and the failures inside an instance (see `Trouble`)."""

from __future__ import annotations

from typing import Any

from faults import N_, Fault


class NoSuchToken(Fault):
    """This step is no longer open: it was done, cancelled or replaced. Please reload the page."""


class NoSuchStart(Fault):
    """The process has no such start event. Choose one that the diagram has."""


class CannotReturn(Fault):
    """This step can't be returned to {element}: it is no earlier user task of the same part of the process."""


class BadValue(Fault):
    """A value can't be stored: {what}. Correct it and try again."""


class CorruptState(Fault):
    """The stored state of the instance can't be read. Please tell the administrator."""


class Failure(Exception):
    """Something inside an instance went wrong; the token is kept in error and an incident tells of it.

    ``code`` is the word of the `Trouble`; ``error_code`` the BPMN error code that a boundary may catch, None for a
    technical failure, which only a boundary without an error code catches.
    """

    def __init__(self, code: str, message: str, error_code: str | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.error_code = error_code
        self.params = params

    def __str__(self) -> str:
        fault = Fault(self.message)
        fault.params = self.params
        return str(fault)

    @classmethod
    def of(cls, code: str, fault: Fault) -> Failure:
        """A fault of an expression, timer, decision or value, met inside an instance."""
        failure = cls(code, fault.message)
        failure.params = dict(fault.params)
        return failure


def passed_bound(what: str, limit: int) -> Failure:
    return Failure("bound", N_("The bound of {limit} {what} was passed."), what=what, limit=limit)
