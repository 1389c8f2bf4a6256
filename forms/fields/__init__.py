"""The one table of field types. To add a type: a row here, and a macro of the named template.

The macros stand in ``web/templates/forms/inputs.html``; `FieldType` says what each function takes and gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from faults import N_
from forms.fields import choices, files, numbers, places, references, registers, rows, texts, times
from forms.fields.kind import FieldType

_WHOLE = N_("Enter a whole number.")
_DECIMAL = N_("Enter a number with at most {places} decimal places and 15 digits.")
_MONEY = N_("Enter an amount such as 1234.50.")
_DAY = N_("Enter a date such as 2013-05-06.")
_INSTANT = N_("Enter a date and time such as 2013-05-06 17:30.")
_OPTION = N_("Choose one of the options.")
_OPTIONS = N_("Choose among the options.")
_NAMED = N_("Choose an entry of the list.")
_FILE = N_("Attach a file.")
_PHOTO = N_("Attach a photo.")
_SIGNATURE = N_("Sign, or attach a picture of the signature.")
_PLACE = N_("Enter latitude (-90 to 90) and longitude (-180 to 180).")
_ROWS = N_("Fill in the rows of the table.")

_BOUNDS = frozenset({"min", "max"})
_NUMBER = _BOUNDS | {"unit"}

# fmt: off
TYPES: Mapping[str, FieldType] = MappingProxyType({
    "text": FieldType(texts.line_schema, texts.parse_line, "text", texts.show_line,
        tidy=texts.tidy, takes=_NUMBER, largest=2000),
    "longtext": FieldType(texts.paragraphs_schema, texts.parse_paragraphs, "longtext", texts.show_paragraphs,
        tidy=texts.tidy, takes=_BOUNDS, largest=20_000),
    "richtext": FieldType(texts.rich_schema, texts.parse_paragraphs, "richtext", texts.show_rich,
        tidy=texts.tidy_rich, check=texts.check_rich, write=texts.write_rich, takes=_BOUNDS, largest=100_000,
        deepest=0),
    "int": FieldType(numbers.whole_schema, numbers.parse_whole, "number", numbers.show,
        _WHOLE, numbers.tidy_whole, write=numbers.plain, takes=_NUMBER),
    "decimal": FieldType(numbers.decimal_schema, numbers.parse_decimal, "number", numbers.show,
        _DECIMAL, write=numbers.plain, takes=_NUMBER | {"places"}),
    "percent": FieldType(numbers.percent_schema, numbers.parse_decimal, "number", numbers.show_percent,
        _DECIMAL, write=numbers.plain, takes=_BOUNDS | {"places"}),
    "money": FieldType(numbers.money_schema, numbers.parse_money, "number", numbers.show_money,
        _MONEY, numbers.tidy_money, numbers.check_money, takes=_NUMBER),
    "bool": FieldType(choices.bool_schema, choices.parse_bool, "yes_no", choices.show_bool, _OPTION),
    "date": FieldType(times.day_schema, times.parse_day, "day", times.show_day,
        _DAY, check=times.check_day, takes=_BOUNDS),
    "datetime": FieldType(times.instant_schema, times.parse_instant, "instant", times.show_instant,
        _INSTANT, times.tidy_instant, times.check_instant, write=times.write_instant),
    "enum": FieldType(choices.one_schema, choices.parse_one, "one_of", choices.show_one,
        _OPTION, texts.tidy, takes=frozenset({"options"})),
    "multi": FieldType(choices.several_schema, choices.parse_several, "several_of", choices.show_several,
        _OPTIONS, takes=_BOUNDS | {"options"}, largest=100),
    "org": FieldType(references.one_schema, references.parse_one, "one_named", references.show_org,
        _NAMED, texts.tidy, refers="org"),
    "orgs": FieldType(references.several_schema, references.parse_several, "several_named", references.show_orgs,
        _NAMED, takes=_BOUNDS, largest=500, refers="org"),
    "user": FieldType(references.one_schema, references.parse_one, "one_named", references.show_user,
        _NAMED, texts.tidy, refers="user"),
    "users": FieldType(references.several_schema, references.parse_several, "several_named", references.show_users,
        _NAMED, takes=_BOUNDS, largest=500, refers="user"),
    "ref": FieldType(references.one_schema, references.parse_one, "one_named", references.show_ref,
        _NAMED, texts.tidy, takes=frozenset({"register"}), refers="ref"),
    "refs": FieldType(references.several_schema, references.parse_several, "several_named", references.show_refs,
        _NAMED, takes=_BOUNDS | {"register"}, largest=500, refers="ref"),
    "table": FieldType(rows.schema, rows.parse, "table", rows.show,
        _ROWS, takes=_BOUNDS | {"columns"}, largest=500, deepest=1),
    "file": FieldType(files.one_schema, files.parse_one, "one_file", files.show_file, _FILE, refers="attachment"),
    "files": FieldType(files.several_schema, files.parse_several, "several_files", files.show_files,
        _FILE, takes=_BOUNDS, largest=50, refers="attachment"),
    "signature": FieldType(files.one_schema, files.parse_one, "signature", files.show_signature,
        _SIGNATURE, refers="attachment"),
    "register": FieldType(registers.schema, registers.parse, "fixed", registers.show,
        tidy=registers.tidy, takes=frozenset({"register"}), deepest=0, fixed=True),
    "geo": FieldType(places.schema, places.parse, "place", places.show, _PLACE),
    "evidences": FieldType(files.evidences_schema, files.parse_evidences, "photos", files.show_evidences,
        _PHOTO, files.tidy_evidences, takes=_BOUNDS, largest=50, refers="attachment"),
})
# fmt: on
