"""What the tables of the supervision share beyond `engine.tables.base`: exact quantities on both databases."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import Dialect, Float, Numeric
from sqlalchemy.types import TypeDecorator, TypeEngine

from engine.tables.base import HASH, ID, NAME, TITLE, Base, ExactJson, Json, UtcDateTime

__all__ = ["HASH", "ID", "NAME", "PLACES", "TITLE", "Base", "ExactJson", "Json", "Quantity", "UtcDateTime"]

# As many places, and as many digits in all, as a decimal field of a form takes: a double holds them exactly.
PLACES = 4
DIGITS = 15


class Quantity(TypeDecorator[Decimal]):
    """A measured amount with at most four decimal places and 15 digits; what comes back is a `Decimal`.

    SQLite knows no exact decimals, but doubles keep that many digits, so nothing is lost by rounding what it gives.
    """

    impl = Numeric(DIGITS + PLACES, PLACES)
    cache_ok = True
    written = f'sa.Numeric({DIGITS + PLACES}, {PLACES}).with_variant(sa.Float(53), "sqlite")'  # in migrations

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        plain: TypeEngine[Any] = Float(53) if dialect.name == "sqlite" else Numeric(DIGITS + PLACES, PLACES)
        return dialect.type_descriptor(plain)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        return float(value) if dialect.name == "sqlite" else Decimal(str(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        rounded = round(Decimal(str(value)), PLACES).normalize()
        # 2600, not 2.6E+3
        return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded
