"""The FastAPI application."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from battery_hub.routes import (
    administration,
    auth,
    batteries,
    error_codes,
    health,
    notifications,
    webhook,
)
from battery_hub.settings import api_settings

log = logging.getLogger("uvicorn.error")


def create_app() -> FastAPI:
    """Build the application; it starts without a database and says so in /health."""
    settings = api_settings()
    app = FastAPI(
        title="Battery Hub",
        version=settings.berth_release,
        debug=settings.debug,
        openapi_url="/openapi.json" if settings.debug else None,
    )
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.origins(),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type"],
        max_age=3600,
    )
    app.add_exception_handler(OperationalError, database_unreachable)
    app.add_exception_handler(RequestValidationError, malformed_request)
    app.add_exception_handler(PoolTimeout, database_unreachable)
    for part in (health, auth, batteries, error_codes, notifications, webhook, administration):
        app.include_router(part.router)
    return app


def malformed_request(_: Request, problem: Exception) -> JSONResponse:
    """Answer 422 with what is wrong where; what was sent, maybe a password, is not repeated."""
    errors = problem.errors() if isinstance(problem, RequestValidationError) else []
    kept = [{key: error[key] for key in ("type", "loc", "msg")} for error in errors]
    return JSONResponse({"detail": kept}, status_code=422)


def database_unreachable(_: Request, problem: Exception) -> JSONResponse:
    """Answer 503 when the database cannot be used; the log says why, the caller is not told."""
    log.error("database: %s", problem)
    return JSONResponse(
        {"detail": "The database cannot be reached. Try again in a moment."},
        status_code=503,
        headers={"Retry-After": "5"},
    )
