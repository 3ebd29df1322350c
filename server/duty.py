"""The jobs run in one process, however many serve a data folder; when that one dies, another takes over."""

import logging
import os
import threading

from server.jobs.start import start
from server.settings import Settings
from sync.locks import Taken, alone

log = logging.getLogger(__name__)
AGAIN = 5.0  # seconds until a process looks whether it is needed


class Duty:
    """Does the jobs as soon as nobody else on the data folder does, until it is stopped or its process ends."""

    def __init__(self, settings: Settings, again: float = AGAIN) -> None:
        """Begin to look out, in a thread of its own."""
        self._settings = settings
        self._again = again
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look_out, name="duty", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Leave the jobs to another process; one that is going on ends first."""
        self._stopped.set()
        self._thread.join()

    def _look_out(self) -> None:
        while not self._stopped.is_set():
            try:
                with alone(self._settings.data / "jobs.lock"):
                    self._do()
            except Taken:
                self._stopped.wait(self._again)
            except Exception:
                log.exception("The jobs could not be begun.")
                self._stopped.wait(self._again)

    def _do(self) -> None:
        scheduler = start(self._settings)
        log.info("Process %d does the jobs.", os.getpid())
        (self._settings.data / "jobs.pid").write_text(str(os.getpid()))
        self._stopped.wait()
        scheduler.shutdown()
