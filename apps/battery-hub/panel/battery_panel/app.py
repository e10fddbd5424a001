"""The panel's server: login, session, health; the dashboard behind them."""

import logging
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from flask import Flask, Response, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from battery_panel.dashboard import add_dashboard
from battery_panel.queries import Database
from battery_panel.session import ApiUnreachable, Refused, Sessions
from battery_panel.settings import Settings

# The prefix makes browsers insist on Secure, this host alone and the whole of it.
COOKIE = "__Host-panel"
# Style sheets and libraries, nothing of the data.
OPEN_PATHS = ("/login", "/health", "/assets/", "/_dash-component-suites/", "/_favicon.ico")
# Dash's own paths, after the login.
PATHS = ("/_dash", "/_reload-hash", "/logout")
LARGEST_BODY_BYTES = 64 * 1024

log = logging.getLogger("panel")


def create_server() -> Flask:
    """Build the server; gunicorn calls it."""
    settings = Settings.from_environment()
    database = Database(settings)
    sessions = Sessions(settings.api_url)
    server = Flask("battery_panel", root_path=str(Path(__file__).parent), static_folder=None)
    server.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES
    dash = add_dashboard(
        server,
        settings,
        database,
        codes=lambda: sessions.error_codes(request.cookies.get(COOKIE, "")),
    )
    policy = _content_policy(dash.csp_hashes())
    # Dash registers the scripts that it may serve when it renders the page, so render it once
    # before the workers part ways.
    with server.test_request_context("/"):
        dash.index()  # type: ignore[no-untyped-call]

    @server.before_request
    def require_login() -> ResponseReturnValue | None:
        if request.path.startswith(OPEN_PATHS):
            return None
        token = request.cookies.get(COOKIE)
        if token and sessions.name(token) is not None:
            return None if request.path.startswith(PATHS) or request.path == "/" else missing()
        if request.path == "/":
            return redirect(f"/login{_named_battery()}", HTTPStatus.SEE_OTHER)
        if request.accept_mimetypes.accept_html and not request.path.startswith(PATHS):
            return _login_page(settings, "Log in first.", HTTPStatus.UNAUTHORIZED)
        return Response("Log in first.", HTTPStatus.UNAUTHORIZED, mimetype="text/plain")

    def missing() -> ResponseReturnValue:
        return render_template("missing.html", settings=settings), HTTPStatus.NOT_FOUND

    @server.get("/login")
    def show_login() -> ResponseReturnValue:
        ended = "Your session has ended. Log in again." if "ended" in request.args else None
        return _login_page(settings, ended, HTTPStatus.OK)

    @server.post("/login")
    def log_in() -> ResponseReturnValue:
        if not _from_our_page():
            return _login_page(settings, "Log in from this page.", HTTPStatus.FORBIDDEN)
        try:
            token, seconds = sessions.log_in(
                request.form.get("username", ""), request.form.get("password", ""), _client()
            )
        except Refused as refusal:
            return _login_page(settings, str(refusal), HTTPStatus.UNAUTHORIZED)
        answer = redirect(f"/{_named_battery()}", HTTPStatus.SEE_OTHER)
        answer.set_cookie(
            COOKIE, token, max_age=seconds, path="/", secure=True, httponly=True, samesite="Strict"
        )
        return answer

    @server.post("/logout")
    def log_out() -> ResponseReturnValue:
        answer = redirect("/login", HTTPStatus.SEE_OTHER)
        answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Strict")
        return answer

    @server.get("/health")
    def health() -> ResponseReturnValue:
        try:
            database.check()
        except psycopg.Error as problem:
            log.error("database: %s", problem)
            answer = {"status": "error", "version": settings.release, "database": "unreachable"}
            return jsonify(answer), HTTPStatus.SERVICE_UNAVAILABLE
        return jsonify({"status": "ok", "version": settings.release, "database": "ok"})

    @server.errorhandler(ApiUnreachable)
    @server.errorhandler(psycopg.OperationalError)
    def unavailable(_: Exception) -> ResponseReturnValue:
        text = "The panel cannot reach its services. Try again in a moment."
        if request.path.startswith("/_dash"):
            return Response(text, HTTPStatus.SERVICE_UNAVAILABLE, mimetype="text/plain")
        return _login_page(settings, text, HTTPStatus.SERVICE_UNAVAILABLE)

    @server.after_request
    def protect(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = policy
        if not request.path.startswith(("/assets/", "/_dash-component-suites/")):
            answer.headers["Cache-Control"] = "no-store"
        return answer

    return server


def _login_page(
    settings: Settings, problem: str | None, status: HTTPStatus
) -> tuple[str, HTTPStatus]:
    return render_template("login.html", problem=problem, settings=settings), status


def _named_battery() -> str:
    """Return the part of the address that names a battery, to be kept over a login."""
    given = request.args.get("battery", "")
    return f"?battery={given}" if given.isdecimal() and given.isascii() else ""


def _client() -> str:
    """Return the visitor's address: the last one that the proxy, our only caller, added."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return forwarded.rsplit(",", 1)[-1].strip() or request.remote_addr or "unknown"


def _from_our_page() -> bool:
    """Tell whether a form was sent by this site; browsers always say so."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _content_policy(script_hashes: Sequence[str]) -> str:
    # Plotly sets styles on the elements it draws.
    return (
        "default-src 'none'; connect-src 'self'; img-src 'self' data: blob:; font-src 'self' data:;"
        f" script-src 'self' {' '.join(script_hashes)}; style-src 'self' 'unsafe-inline';"
        " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
