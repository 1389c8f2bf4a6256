"""What a phone needs to go on without a network: its service worker, and the page that is shown instead of others."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from web.wiring import wiring

routes = Blueprint("offline", __name__)


@routes.get("/worker.js")
def worker() -> Response:
    """Under a name that stays and at the root: a worker may only look after the addresses below its own."""
    return Response(f'import "{wiring().assets.script("worker")}";\n', mimetype="text/javascript")


@routes.get("/offline")
def no_network() -> str:
    """Kept by phones; it says nothing of anybody, the script adds what is kept there."""
    return render_template("offline.html")
