"""Due jobs run beside the site, in a thread of the process that serves one office."""

from __future__ import annotations

import logging
import threading

from django.db import close_old_connections

from huiqi.portal.jobs.running import ask_daily, run_due
from huiqi.portal.look import clock

_PAUSE = 15
_LOG = logging.getLogger(__name__)


class SteadyJobs:
    """Asks for the daily jobs and runs what is due, again and again, until it is stopped.

    A job that is cut off is taken up again by whoever runs jobs next.
    """

    def __init__(self, pause: float = _PAUSE) -> None:
        self._pause = pause
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, most_seconds: float = 5) -> None:
        """End after the job under way, or after so many seconds."""
        self._stopped.set()
        self._thread.join(most_seconds)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                ask_daily(clock.today(), clock.now())
                while not self._stopped.is_set() and run_due(clock.now, most=1):
                    pass
            except Exception:
                # The database may be away for a moment; the site itself says so too.
                _LOG.exception("the jobs could not be run; trying again")
            finally:
                close_old_connections()
            self._stopped.wait(self._pause)
