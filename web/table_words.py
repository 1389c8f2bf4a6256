"""The words of the page on which a decision table is edited; those of the drawing tool are in the island itself."""

from __future__ import annotations

from faults import N_
from web.words import gettext

TEXTS = (
    N_("Saved"), N_("Not saved yet"), N_("Saving…"), N_("It could not be saved; it is tried again."),
    N_("Load theirs and lose mine"), N_("Keep mine over theirs"), N_("Also open at: {names}"), N_("Where"),
    N_("Theirs"), N_("Mine"), N_("error"), N_("warning"), N_("No problems"),
    N_("The tests run as soon as the table is free of errors."), N_("Every rule is reached by a test."),
    N_("Rules that no test reaches: {numbers}"), N_("from {day}"), N_("from the beginning"),
    N_("There is no parameter {name}."), N_("The table reads no parameters."), N_("Parameter"), N_("Value"),
    N_("Valid"), N_("Later"), N_("Source"), N_("Given"), N_("Expected"), N_("No."), N_("Name"), N_("Day"),
    N_("It can't be drawn. Mend what is wrong in a file, and take that over into the draft."),
    N_("Result"), N_("not in the table any more"), N_("Test {number}"), N_("Remove"), N_("answers {value}"),
    N_("rule {numbers}"), N_("Expect what it answers"),
)  # fmt: skip


def texts() -> dict[str, str]:
    """English -> what it is in the language of the page."""
    return {text: gettext(text) for text in TEXTS}
