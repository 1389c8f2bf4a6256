"""What every answer says to the browser about safety."""

from __future__ import annotations

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest

# Inline style only where bpmn-js draws: it sets style attributes by innerHTML.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src {style}; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
}


def island_page() -> None:
    """Called by a route whose page shows a diagram: its policy allows inline style."""
    g.inline_style = True


def guard(app: Flask) -> None:
    @app.before_request
    def refuse_what_no_database_keeps() -> None:
        """PostgreSQL has no room for the character NUL; in an address it is never meant."""
        values = [*(request.view_args or {}).values(), *request.args.keys(), *request.args.values()]
        if any(isinstance(value, str) and "\0" in value for value in values):
            raise BadRequest

    @app.after_request
    def add_headers(response: Response) -> Response:
        style = "'self' 'unsafe-inline'" if g.get("inline_style") else "'self'"
        response.headers.setdefault("Content-Security-Policy", POLICY.format(style=style))
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if not request.path.startswith("/static/"):
            # what one officer saw must not come out of a shared computer's cache after signing out
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def same_origin() -> bool:
    """Whether the browser says that a page of ours sent this request (used where the CSRF token is lost)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is not None and origin == request.host_url.rstrip("/")
