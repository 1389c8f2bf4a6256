"""Run by Alembic."""

import workflows.tables  # noqa: F401 (the classes are looked up by their package)
from engine.migrations.environment import run

run("workflows", "alembic_version_workflows")
