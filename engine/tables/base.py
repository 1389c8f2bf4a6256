"""What all tables share: the declarative base, instants in UTC, and two kinds of JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

# Lengths of the names that stand in indexes. Diagrams are checked against them when they are published.
ID = 32
NAME = 100
TITLE = 300
HASH = 64

# Sorts after every real due time; far from year 9999 so that no time zone carries it over the end of `datetime`.
NO_DUE = datetime(9000, 1, 1, tzinfo=UTC)

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant. Naive values are refused; what comes back is in UTC, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactJson(TypeDecorator[Any]):
    """JSON kept to the letter, as `canonical` writes it, because a hash is taken over it (JSONB rewrites numbers)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it from the class)
        datetime: UtcDateTime(),
        dict[str, Any]: Json,
        list[str]: Json,
    }


def index_key(text: str | None) -> str | None:
    """A correlation key as it stands in the tables: long ones, which no index would take, by their hash."""
    if text is None or len(text) <= TITLE:
        return text
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no spaces, no NaN. Dates are written as ISO 8601.

    Half characters (lone surrogates), which no database takes, become question marks.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=plain)
    return text.encode(errors="replace").decode()


def short_key(key: str) -> str:
    """An idempotency key as it is kept: whatever a client made it of, it fits a column."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()[:ID]


def plain(value: Any) -> Any:
    """What JSON has no word for, in words that it has."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} can't be kept as JSON")
