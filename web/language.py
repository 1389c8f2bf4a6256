"""Chinese first, English switchable: which language a page is in, and the route that changes it."""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Blueprint, Flask, redirect, request, session
from flask_babel import Babel
from werkzeug.wrappers import Response

from web.wiring import wiring

# Language -> folder of its catalogue. Babel knows simplified Chinese by its full name and looks for no other folder.
LANGUAGES = {"zh_CN": "zh_Hans_CN", "en": "en"}
FOLDER = Path(__file__).parent / "translations"

routes = Blueprint("language", __name__)


@routes.post("/language")
def choose() -> Response:
    language = request.form.get("language", "")
    if language in LANGUAGES:
        session["language"] = language
    return redirect(local_address(request.form.get("back", "")))


def language() -> str:
    chosen = session.get("language")
    return chosen if chosen in LANGUAGES else wiring().settings.language


def local_address(address: str) -> str:
    """The address if it is a path of ours, else the start page: nobody is sent elsewhere by a crafted link."""
    usable = address.startswith("/") and not address.startswith(("//", "/\\")) and not set(address) & set("\\\r\n\t")
    return address if usable else "/"


def catalogue_path(language: str) -> Path:
    return FOLDER / LANGUAGES[language] / "LC_MESSAGES" / "messages.po"


def speak(app: Flask, zone: str) -> None:
    compile_stale()
    Babel(
        app,
        default_locale=app.config["BABEL_DEFAULT_LOCALE"],
        default_timezone=zone,
        default_translation_directories=str(FOLDER),
        locale_selector=language,
    )


def compile_stale() -> None:
    """Compile the catalogues that are newer than their compiled twin: a checkout works without a build step."""
    for source in FOLDER.glob("*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parts[-3])
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as binary:
            write_mo(binary, catalogue)
        fresh.replace(target)
