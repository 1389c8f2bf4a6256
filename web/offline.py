"""What a phone needs to go on without a network: its service worker, and the page that is shown instead of others."""

from __future__ import annotations

import json

from flask import Blueprint, Response, render_template, url_for

from web.wiring import wiring

# The islands of the pages that a phone keeps.
KEPT = ("app", "form", "offline", "viewer")

routes = Blueprint("offline", __name__)


@routes.get("/worker.js")
def worker() -> Response:
    """Under a name that stays and at the root: a worker may only look after the addresses below its own."""
    assets = wiring().assets
    needed = json.dumps([*assets.needed(*KEPT), url_for("static", filename="seal.svg")])
    return Response(f'import "{assets.script("worker")}";\nself.needed = {needed};\n', mimetype="text/javascript")


@routes.get("/offline")
def no_network() -> str:
    """Kept by phones; it says nothing of anybody, the script adds what is kept there."""
    return render_template("offline.html")
