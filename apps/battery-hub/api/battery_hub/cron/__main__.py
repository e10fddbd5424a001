"""`python -m battery_hub.cron`: runs the jobs until SIGTERM, then lets a running one finish."""

import logging
import signal
from datetime import UTC, datetime

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.orm import Session

from battery_hub.cron import jobs
from battery_hub.cron.heartbeat import FILE, Heartbeat
from battery_hub.database import engine
from battery_hub.settings import CronSettings

log = logging.getLogger("cron")

SCHEDULE: tuple[tuple[jobs.Job, IntervalTrigger], ...] = (
    (jobs.mark_offline, IntervalTrigger(minutes=1, timezone=UTC)),
    (jobs.aggregate_statistics, IntervalTrigger(minutes=10, timezone=UTC)),
    (jobs.prune, IntervalTrigger(hours=1, timezone=UTC)),
)


def run(job: jobs.Job, settings: CronSettings, heartbeat: Heartbeat) -> None:
    """Run one job in one transaction; a failure is logged and shown by the health check."""
    try:
        with Session(engine()) as database, database.begin():
            rows = job(database, settings)
    except Exception:
        heartbeat.failed(job.__name__)
        log.exception("%s failed", job.__name__)
    else:
        heartbeat.succeeded(job.__name__)
        log.info("%s: %d", job.__name__, rows)


def main() -> None:
    """Schedule the jobs; each also runs once at the start."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    settings = CronSettings()
    heartbeat = Heartbeat(FILE)
    scheduler = BlockingScheduler(timezone=UTC)
    for job, trigger in SCHEDULE:
        scheduler.add_job(
            run,
            trigger,
            args=(job, settings, heartbeat),
            id=job.__name__,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=300,
        )

    def stop(*_: object) -> None:
        scheduler.shutdown(wait=False)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    scheduler.start()


if __name__ == "__main__":
    main()
