"""Where the built page assets are: the manifest of Vite, read once, and the files themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request, send_from_directory
from markupsafe import Markup, escape

from faults import Fault

FOLDER = Path(__file__).parent / "static" / "dist"
YEAR = 365 * 24 * 3600

routes = Blueprint("assets", __name__)


class NotBuilt(Fault):
    """The page assets are not built. Run `make assets` and start again."""


@dataclass(frozen=True, slots=True)
class Assets:
    manifest: Mapping[str, Any]

    def styles(self, entry: str) -> list[str]:
        """Addresses of the styles of an entry (``app``, ``form``, ``viewer``), those of its imports first."""
        return [f"/static/dist/{file}" for file in _styles(self.manifest, f"web/islands/{entry}.js")]

    def script(self, entry: str) -> str:
        file = self.manifest[f"web/islands/{entry}.js"]["file"]
        return f"/static/dist/{file}"

    def needed(self, *entries: str) -> list[str]:
        """Addresses of all that these entries load, and of the icons."""
        files = [file for entry in entries for file in _files(self.manifest, f"web/islands/{entry}.js")]
        return [f"/static/dist/{file}" for file in dict.fromkeys([*files, self.manifest["icons.svg"]["file"]])]

    def icon(self, name: str, classes: str = "") -> Markup:
        """An icon of the sprite, as decoration: whatever it means must also be said in words."""
        address = "/static/dist/" + self.manifest["icons.svg"]["file"]
        return Markup('<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>').format(
            escape(classes), address, name
        )


def read_assets(folder: Path = FOLDER) -> Assets:
    try:
        return Assets(json.loads((folder / "manifest.json").read_bytes()))
    except FileNotFoundError:
        raise NotBuilt from None


def _styles(manifest: Mapping[str, Any], key: str) -> list[str]:
    chunk = manifest[key]
    found = [file for inner in chunk.get("imports", ()) for file in _styles(manifest, inner)]
    return list(dict.fromkeys(found + chunk.get("css", [])))


def _files(manifest: Mapping[str, Any], key: str) -> list[str]:
    chunk = manifest[key]
    inner = [file for one in chunk.get("imports", ()) for file in _files(manifest, one)]
    return [*inner, chunk["file"], *chunk.get("css", [])]


@routes.get("/static/dist/<path:name>")
def asset(name: str) -> Response:
    """Names carry a hash of the content, so browsers may keep them; the gzip twin goes to those who take it."""
    twin = f"{name}.gz"
    zipped = request.accept_encodings["gzip"] > 0 and (FOLDER / twin).is_file()
    response = send_from_directory(FOLDER, twin if zipped else name, max_age=YEAR)
    if zipped:
        kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
        response.mimetype = kinds[Path(name).suffix]
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.cache_control.immutable = True
    return response
