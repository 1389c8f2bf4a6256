"""Run by Alembic."""

from engine.migrations.environment import run

run("engine", "alembic_version")
