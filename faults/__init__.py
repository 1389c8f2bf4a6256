"""The one base class of all errors, and the value that describes one fault of a document.

Nothing is imported here, so that every package may use it.

A message is an English template that is also the key into the message catalogues:
``gettext(fault.message).format(**fault.params)``.  Mark templates that stand in tables with `N_`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


def N_(message: str) -> str:
    """Mark a template for the message catalogues without translating it here."""
    return message


class Fault(Exception):
    """Something went wrong. Nothing was changed; please tell the administrator."""

    # The docstring of each subclass is its default message: it says what happened and what to do.

    def __init__(self, message: str | None = None, **params: Any) -> None:
        self.message = message or " ".join((type(self).__doc__ or "").split())
        self.params = params
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message.format_map(_Lenient(self.params))


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a diagram, decision table, form or set of answers.

    ``element`` is the id of the element (or the path of the field, ``measures-0-name``) it belongs to;
    ``code`` a stable word for tests and the modeler; ``message`` an English template for the catalogues.
    """

    element: str
    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: Literal["error", "warning"] = "error"
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.element}: {self.message.format_map(_Lenient(self.params))}"


class Refused(Fault):
    """The document has faults. Mend those that are listed and try again."""

    def __init__(self, problems: tuple[Problem, ...] | list[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
