"""What gunicorn calls: every worker is ready to do the jobs."""

import logging
from typing import Any

from server.duty import Duty
from server.settings import Settings


def post_worker_init(worker: Any) -> None:
    """Look out for the jobs in this worker, until it ends."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    Duty(Settings.from_environ())
