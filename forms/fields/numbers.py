"""Numbers.

Whole numbers, decimals and percentages are JSON numbers, so that conditions and decision tables can compare them; they
are bounded to 15 significant digits, which a double holds exactly.  Money is a string with two decimal places
(``1234.50``): it is never a binary fraction.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from faults import N_
from forms.field import Field
from forms.fields.kind import Fault, Posted, Shown, Words

DIGITS = 15
LARGEST = 2**53 - 1
PLACES = {"decimal": 4, "percent": 2, "money": 2}
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_NUMERAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)


def whole_schema(field: Field) -> dict[str, Any]:
    return {"type": "integer", "minimum": _bound(field.min, -LARGEST), "maximum": _bound(field.max, LARGEST)}


def decimal_schema(field: Field) -> dict[str, Any]:
    places = decimals(field)
    most = 10 ** (DIGITS - places) - 1
    return {
        "type": "number",
        "minimum": _bound(field.min, -most),
        "maximum": _bound(field.max, most),
        "multipleOf": 10**-places if places else 1,
    }


def percent_schema(field: Field) -> dict[str, Any]:
    return decimal_schema(field) | {"minimum": _bound(field.min, 0), "maximum": _bound(field.max, 100)}


def money_schema(field: Field) -> dict[str, Any]:
    return {"type": "string", "maxLength": 20, "pattern": r"^-?(0|[1-9][0-9]{0,14})\.[0-9]{2}$"}


def decimals(field: Field) -> int:
    return PLACES[field.type] if field.places is None else field.places


def parse_whole(field: Field, posted: Posted, name: str) -> int | str | None:
    text = posted.one(name)
    number = read_decimal(text)
    return int(number) if number is not None and number == number.to_integral_value() else text


def parse_decimal(field: Field, posted: Posted, name: str) -> int | float | str | None:
    text = posted.one(name)
    number = read_decimal(text.removesuffix("%").removesuffix("％") if text else text)
    if number is None or len(number.normalize().as_tuple().digits) > DIGITS:
        return text
    return int(number) if number == number.to_integral_value() else float(number)


def parse_money(field: Field, posted: Posted, name: str) -> str | None:
    return posted.one(name)


def tidy_whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST else value


def tidy_money(value: Any) -> Any:
    """An amount in yuan with exactly two places; more than two places stay as they are and are refused."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        return value
    if isinstance(value, str) and not value.strip():
        return None
    number = read_decimal(str(value).strip().lstrip("¥￥").strip()) if len(str(value)) <= 40 else None
    if number is None or _places(number) > PLACES["money"] or abs(number) >= Decimal(10) ** DIGITS:
        return value
    return f"{number + 0:.2f}"


def check_money(field: Field, value: Any, today: date | None) -> Fault | None:
    """Amounts are not negative unless the document gives a lower bound."""
    amount = Decimal(value)
    least = Decimal(str(field.min)) if field.min is not None else Decimal(0)
    if amount < least:
        return Fault("minimum", N_("Must not be less than {limit}."), {"limit": str(least)})
    if field.max is not None and amount > Decimal(str(field.max)):
        return Fault("maximum", N_("Must not be more than {limit}."), {"limit": str(field.max)})
    return None


def show(field: Field, value: Any, words: Words) -> Shown:
    return Shown(field.name, field.label, "text", f"{plain(value)} {words.say(field.unit)}".strip())


def show_percent(field: Field, value: Any, words: Words) -> Shown:
    return Shown(field.name, field.label, "text", f"{plain(value)}%")


def show_money(field: Field, value: Any, words: Words) -> Shown:
    amount = read_decimal(value) if isinstance(value, str) else None
    text = f"{amount:,.2f}" if amount is not None else str(value)
    return Shown(field.name, field.label, "text", f"{text} {words.say(field.unit or N_('yuan'))}")


def plain(value: Any) -> str:
    """A number without exponent and without trailing zeros: 0.00001, not 1e-05."""
    if isinstance(value, float) and math.isfinite(value):
        text = f"{Decimal(repr(value)):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def read_decimal(text: str | None) -> Decimal | None:
    """A numeral as people type it: full-width digits and thousands separators are understood, exponents are not."""
    if not text or len(text) > 40:
        return None
    text = unicodedata.normalize("NFKC", text).replace(" ", "").replace("−", "-")
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if not _NUMERAL.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _bound(given: int | float | str | None, usual: int | float) -> int | float:
    return usual if given is None or isinstance(given, str) else given
