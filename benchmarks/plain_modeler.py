"""The plain bpmn-js modeler as its package carries it, on a page of our application: it draws, nothing else."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

from flask import Flask, Response, render_template_string

from web.security import island_page

PACKAGE = Path("node_modules/bpmn-js/dist")
FILES = (
    "assets/diagram-js.css",
    "assets/bpmn-js.css",
    "assets/bpmn-font/css/bpmn.css",
    "assets/bpmn-font/font/bpmn.woff2",
    "bpmn-modeler.production.min.js",
)
PAGE = """{% extends "layout.html" %}
{% block styles %}{% for style in styles %}<link rel="stylesheet" href="/plain/{{ style }}">{% endfor %}{% endblock %}
{% block scripts %}<script src="/plain/bpmn-modeler.production.min.js" defer></script>
<script src="/plain/open.js" defer></script>{% endblock %}
{% block content %}<div style="height: 640px" data-plain="{{ drawing }}"></div>{% endblock %}"""
SCRIPT = b"""const place = document.querySelector('[data-plain]');
const modeler = new BpmnJS({ container: place });
fetch(place.dataset.plain).then((answer) => answer.text()).then((xml) => modeler.importXML(xml)).then(() => {
  modeler.get('canvas').zoom('fit-viewport', 'auto');
  place.dataset.ready = '';
});"""


def add_to(app: Flask, drawing: str) -> None:
    @app.get("/plain")
    def plain() -> str:
        island_page()
        styles = [name for name in FILES if name.endswith(".css")]
        return render_template_string(PAGE, styles=styles, drawing=drawing)

    @app.get("/plain/<path:name>")
    def plain_file(name: str) -> Response:
        """As our own assets are sent: packed, and to be kept."""
        kinds = {".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2"}
        response = Response(_packed(name), mimetype=kinds[Path(name).suffix])
        response.content_encoding = "gzip"
        response.headers["Cache-Control"] = "max-age=3600, immutable"
        return response


@cache
def _packed(name: str) -> bytes:
    data = SCRIPT if name == "open.js" else (PACKAGE / name).read_bytes()
    return gzip.compress(data, 9)
