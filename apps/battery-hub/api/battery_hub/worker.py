"""The worker that gunicorn runs the API in."""

from typing import Any, ClassVar

from uvicorn_worker import UvicornWorker


class Worker(UvicornWorker):
    """A uvicorn worker that does not name itself and leaves the access log to the proxy."""

    CONFIG_KWARGS: ClassVar[dict[str, Any]] = {
        **UvicornWorker.CONFIG_KWARGS,
        "access_log": False,
        "server_header": False,
    }
