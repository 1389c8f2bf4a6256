"""What the functions of formulas give, in a few words, for authors who choose one from a list."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from faults import N_

# Name of a function (`bpmn.functions`) -> what it gives; a test holds both together.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "today": N_("the date of today"),
        "now": N_("this moment"),
        "date": N_("the date in a text"),
        "datetime": N_("the moment in a text"),
        "duration": N_("a length of time"),
        "wd": N_("so many working days after a day"),
        "cd": N_("so many days after a day"),
        "wd_of_week": N_("a day of the week, at an hour"),
        "wd_of_month": N_("the n-th working day of the month"),
        "wd_of_quarter": N_("the n-th working day of the quarter"),
        "working_days_between": N_("working days between two days"),
        "days_between": N_("days between two days"),
        "is_working_day": N_("whether it is a working day"),
        "year": N_("the year of a day"),
        "month": N_("the month of a day"),
        "day": N_("the day of the month"),
        "round": N_("rounded"),
        "floor": N_("the next lower whole number"),
        "ceil": N_("the next higher whole number"),
        "abs": N_("without its sign"),
        "number": N_("the number in a text"),
        "int": N_("the whole part of a number"),
        "len": N_("how many items or characters"),
        "count": N_("how many items, or how many are equal to a value"),
        "sum": N_("the sum"),
        "min": N_("the least"),
        "max": N_("the greatest"),
        "mean": N_("the mean"),
        "any": N_("whether one is true"),
        "all": N_("whether all are true"),
        "sorted": N_("in order"),
        "unique": N_("each once"),
        "flatten": N_("lists within a list put into one"),
        "range": N_("the numbers up to a count"),
        "list": N_("as a list"),
        "keys": N_("the names in a mapping"),
        "values": N_("the values in a mapping"),
        "get": N_("a member, or something else if there is none"),
        "text": N_("as a text"),
        "str": N_("as a text"),
        "upper": N_("in capitals"),
        "lower": N_("in small letters"),
        "strip": N_("without blanks at both ends"),
        "startswith": N_("whether a text begins so"),
        "endswith": N_("whether a text ends so"),
        "contains": N_("whether a text has a part"),
        "replace": N_("with every part of a text replaced"),
        "split": N_("the parts of a text"),
        "join": N_("the items in one text"),
        "exists": N_("whether there is such a value"),
        "value": N_("a value, or something else if there is none"),
        "performer": N_("who did a step last"),
        "superior": N_("the organisation above one"),
    }
)
