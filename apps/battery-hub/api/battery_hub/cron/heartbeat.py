"""The cron service's health: a file with the time of the last good run and the failing jobs.

`python -m battery_hub.cron.heartbeat` is the container's health check. Exit 1: not healthy.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path

# The only place that the container can write to.
FILE = Path("/tmp/heartbeat.json")  # noqa: S108
# The most frequent job runs every minute.
OLDEST_SECONDS = 180


class Heartbeat:
    """Writes the file, whole or not at all, also when several jobs end at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._failing: set[str] = set()
        self._lock = threading.Lock()

    def succeeded(self, job: str) -> None:
        """Note a good run of a job."""
        with self._lock:
            self._failing.discard(job)
            self._write()

    def failed(self, job: str) -> None:
        """Note a failed run; the service is unhealthy until this job succeeds."""
        with self._lock:
            self._failing.add(job)
            self._write()

    def _write(self) -> None:
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps({"at": time.time(), "failing": sorted(self._failing)}))
        os.replace(fresh, self._path)


def problem(path: Path) -> str | None:
    """Return why the service is not healthy, or none when it is."""
    try:
        beat = json.loads(path.read_text())
    except FileNotFoundError:
        return "no job has run yet"
    if beat["failing"]:
        return f"failing: {', '.join(beat['failing'])}"
    age = time.time() - beat["at"]
    return f"the last run was {age:.0f} seconds ago" if age > OLDEST_SECONDS else None


if __name__ == "__main__":
    found = problem(FILE)
    sys.exit(f"error: cron is not healthy: {found}" if found else 0)
