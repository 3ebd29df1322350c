"""The laptop's line to its server: it says how the laptop stands, and waits a little for a busy server."""

from typing import Any, Protocol

from sync.engine import Comparer, Downlink, Uplink
from sync.errors import Unreachable
from sync.files import FileLine
from sync.http import HttpLine
from sync.patience import Patience
from sync.report import Report
from sync.tus import HttpFiles


class Line(Uplink, Downlink, Comparer, Protocol):
    """A line in both directions that counts its bytes and tells the server how this laptop stands."""

    bytes_up: int
    bytes_down: int

    @property
    def files(self) -> FileLine:
        """The same line, for files."""

    def say(self, report: Report) -> None:
        """Tell *report* with every request from now on."""


class DeviceLine(HttpLine):
    """The line over HTTP, with this laptop's credential and report. It waits for a busy server, within limits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.patience = Patience(sleep=self.stopped.wait)

    def ask(self, method: str, path: str, **kwargs: Any) -> Any:
        """Ask the server, and again when it said to come back soon."""
        while True:
            try:
                return self.ask_once(method, path, **kwargs)
            except Unreachable as busy:
                self.patience.wait(busy)
            self.session.close()  # a server that is busy holds no connections open
            body: Any = kwargs.get("data")
            if hasattr(body, "seek"):
                body.seek(0)

    def ask_once(self, method: str, path: str, **kwargs: Any) -> Any:
        """Ask the server and do not wait for it."""
        return super().ask(method, path, **kwargs)

    @property
    def files(self) -> FileLine:
        """The same line, for files."""
        return HttpFiles(self)

    def say(self, report: Report) -> None:
        """Tell *report* with every request from now on."""
        self.session.headers["Doi178-Report"] = report.text()
