"""Whether the program serves, for whoever watches it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from web.transaction import database

routes = Blueprint("health", __name__)


@routes.get("/healthz")
def healthz() -> Response:
    """200 once requests are answered and the database answers too; tells nothing else."""
    database().execute(text("SELECT 1"))
    return jsonify(status="ok")
