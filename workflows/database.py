"""Brings a database up to date: the tables of the engine, and after them those of the supervision."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from engine import database

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> None:
    """Processes that start at once wait for each other; all of it happens, or nothing."""
    database.migrate(engine, MIGRATIONS)
