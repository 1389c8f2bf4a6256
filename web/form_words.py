"""What the designer of forms calls things: field types, attributes, and the words of its island."""

from __future__ import annotations

from faults import N_

# In the order in which they are offered.
TYPES = {
    "text": N_("One line"), "longtext": N_("Paragraphs"), "richtext": N_("Formatted text"), "int": N_("Whole number"),
    "decimal": N_("Decimal number"), "percent": N_("Percentage"), "money": N_("Amount of money"),
    "bool": N_("Yes or no"), "date": N_("Day"), "datetime": N_("Day and time"), "enum": N_("One of several"),
    "multi": N_("Some of several"), "org": N_("Organisation"), "orgs": N_("Organisations"), "user": N_("Person"),
    "users": N_("Persons"), "ref": N_("Entry of a register"), "refs": N_("Entries of a register"),
    "table": N_("Table"), "file": N_("File"), "files": N_("Files"), "signature": N_("Signature"),
    "geo": N_("Place on the map"), "evidences": N_("Photos as evidence"), "register": N_("Link to a register"),
}  # fmt: skip

# What the bounds of a type count; those of the others bound the value.
COUNTS = {
    "text": N_("characters"), "longtext": N_("characters"), "richtext": N_("characters"), "multi": N_("choices"),
    "orgs": N_("entries"), "users": N_("entries"), "refs": N_("entries"), "table": N_("rows"), "files": N_("files"),
    "evidences": N_("photos"),
}  # fmt: skip

FACETS = {
    "title": N_("Title"), "label": N_("Label"), "type": N_("Type"), "required": N_("Must be answered"),
    "options": N_("Options"), "visible_if": N_("Shown only if"), "readonly": N_("Only shown"),
    "prefill": N_("Filled in beforehand"), "min": N_("At least"), "max": N_("At most"),
    "places": N_("Decimal places"), "unit": N_("Unit"), "help": N_("Explanation"), "register": N_("Register"),
    "place": N_("Place in the form"),
}  # fmt: skip

PERMISSIONS = {
    "hidden": N_("hidden"), "readonly": N_("only shown"), "optional": N_("may be answered"),
    "required": N_("must be answered"),
}  # fmt: skip

KINDS = {"added": N_("added"), "removed": N_("removed"), "changed": N_("changed"), "moved": N_("moved")}

# The island's own words; it has those above as well.
TEXTS = (
    N_("Saved"), N_("Not saved yet"), N_("Saving…"), N_("It could not be saved; it is tried again."),
    N_("Somebody else has saved this form"), N_("Load theirs and lose mine"), N_("Keep mine over theirs"),
    N_("Also open at: {names}"), N_("Name"), N_("Add"), N_("Remove"), N_("Move up"), N_("Move down"), N_("Copy"),
    N_("Add an option"), N_("Add a condition"), N_("Value"), N_("What people read"), N_("Columns"), N_("Add a column"),
    N_("Field"), N_("is one of"), N_("is none of"), N_("Yes"), N_("No"), N_("yes"),
    N_("No earlier field can decide about this one. Only yes or no, and choices, can."),
    N_("Choose a field to see what it says."), N_("No field yet. Choose a kind of field above."),
    N_("A formula, such as {example}"), N_("today, or a day such as 2013-05-06"), N_("Today"),
    N_("as in the form"), N_("Takes over the answers of"), N_("Remove the permissions of this step"),
    N_("Permissions at the step “{step}”"), N_("No other step shows this form."),
    N_("Nothing is different."), N_("This form is new."), N_("Nothing is wrong with this form."),
    N_("The preview shows the last state without faults."), N_("{field} moved to place {place} of {count}"),
    N_("{field} removed"), N_("{field} added"), N_("Form"), N_("Before"), N_("Now"), N_("What"), N_("Elsewhere"),
    N_("column of {table}"), N_("{label} (copy)"), N_("The server takes these answers."),
    N_("What diagrams read"), N_("Fill it in again"), N_("Preview of the form"),
    N_("There is no step of this id in the drawing."), N_("Show it"), N_("Fields"),
    N_("New option"), N_("Opinion"), N_("Attachments"), N_("condition"), N_("The connection is lost."),
    N_("of no step: it asks anew"), N_("No column yet"), N_("Into the table above"), N_("Out of the table"),
    N_("Edit"), N_("Back to the fields"), N_("Formulas call it {name}"), N_("All of these must hold."),
    N_("{bound} ({counted})"),
)  # fmt: skip
