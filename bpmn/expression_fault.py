"""What can be wrong with an expression, in sentences that its author understands."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from typing import Any

from faults import N_, Fault

# Parameters called ``what`` are themselves keys into the catalogues.
MESSAGES: Mapping[str, str] = {
    # when it is read
    "empty": N_("The expression is empty. Write a formula, for example: issue_order.deadline"),
    "too_long": N_("The expression is longer than {most} characters. Split it over several script lines."),
    "syntax": N_("“{source}” can't be read at line {line}, column {column}."),
    "bracket": N_("“{source}”: a bracket or a quotation mark is missing, see line {line}, column {column}."),
    "full_width": N_(
        "“{source}”: the character “{found}” at line {line}, column {column} is a full-width one; type {wanted}."
    ),
    "assignment": N_(
        "“{source}”: a single = does not compare, see line {line}, column {column}. "
        "Write == to ask whether two are equal."
    ),
    "foreign_operator": N_("“{source}”: write {wanted} instead of {found}, see line {line}, column {column}."),
    "several_placeholders": N_(
        '“{source}”: ${{…}} may only enclose the whole formula. Join texts with +, or write f"… {{name}} …".'
    ),
    "comment": N_("“{source}”: a formula has no room for a comment. Remove the # and what follows it."),
    "not_allowed": N_("“{source}”: {what} is not part of the language, see line {line}, column {column}."),
    "unknown_function": N_("“{source}”: there is no function “{name}”."),
    "function_near": N_("“{source}”: there is no function “{name}”. Did you mean “{near}”?"),
    "arguments": N_("“{source}”: the function is used as {usage}, see line {line}, column {column}."),
    "too_deep": N_("“{source}” is nested too deeply. Split it over several script lines."),
    "not_an_assignment": N_("Line {line} of the script is not an assignment. Each line must read: name = formula"),
    "reserved_name": N_("Line {line} of the script: “{name}” can't be assigned. Choose another name."),
    "too_many_lines": N_("The script has more than {most} lines. Use several script tasks."),
    # when it is evaluated
    "unknown_name": N_("“{source}”: there is no “{name}”."),
    "name_near": N_("“{source}”: there is no “{name}”. Did you mean “{near}”?"),
    "unknown_member": N_("“{source}”: “{of}” has no “{name}”."),
    "member_near": N_("“{source}”: “{of}” has no “{name}”. Did you mean “{near}”?"),
    "empty_member": N_("“{source}”: “{of}” is empty, so it has no “{name}”. Ask first whether it is filled in."),
    "no_members": N_("“{source}”: “{of}” is a single value and has no “{name}”."),
    "performer": N_("“{source}”: nobody has completed the task “{name}” yet."),
    "division": N_("“{source}”: division by zero at line {line}, column {column}."),
    "index": N_("“{source}”: the list has no such place, see line {line}, column {column}."),
    "wrong_kind": N_("“{source}”: these values do not go together at line {line}, column {column} ({what})."),
    "wrong_value": N_("“{source}”: this value does not fit at line {line}, column {column} ({what})."),
    "too_much": N_("“{source}” takes too much work or gives too long a result. Make it simpler."),
}


class ExpressionFault(Fault):
    """An expression can't be read or evaluated. Mend it in the diagram, or the data that it uses."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(MESSAGES[code], **params)
        self.code = code


def shortened(source: str) -> str:
    """One line of at most 80 characters."""
    one_line = " ".join(source.split())
    return one_line if len(one_line) <= 80 else one_line[:79] + "…"


def nearest(name: str, known: Collection[str]) -> str | None:
    """The one of ``known`` that ``name`` is most probably meant to be."""
    found = difflib.get_close_matches(name, [other for other in known if other != name], n=1, cutoff=0.7)
    return found[0] if found else None
