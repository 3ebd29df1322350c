"""The laptop's program on a data folder, and what tests at its keys do again and again."""

import json
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page, expect

from field_client import drafts, visits
from field_client.settings import Settings
from field_client.store import connect
from tests.closed import PASSPHRASE, close

RUN = """
import sys
from field_client.running import serve
from field_client.settings import Settings
serve(Settings.from_environ(data=sys.argv[1]), port=int(sys.argv[2]), opens=lambda link: None, passphrase=sys.argv[3])
"""


class Program:
    """The program on an encrypted data folder, in a process of its own, always on the same port."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.key = close(settings)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, passphrase: str = PASSPHRASE) -> str:
        """Start, unlocked if a passphrase is given, and return the link that opens it."""
        self.settings.run_address.unlink(missing_ok=True)
        command = [sys.executable, "-c", RUN, str(self.settings.data), str(self.port), passphrase]
        self.process = subprocess.Popen(command)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with suppress(OSError, ValueError):  # not there yet, or not written to its end
                return str(json.loads(self.settings.run_address.read_text())["link"])
            time.sleep(0.05)
        raise AssertionError("The program did not start.")

    def kill(self) -> None:
        """End at once, as a flat battery does."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


def focused(page: Page) -> str:
    """Return the id or name of what has the focus; on a page that is just giving way, on the next one."""
    asked = "document.activeElement.id || document.activeElement.name"
    with suppress(Error):
        return str(page.evaluate(asked))
    page.wait_for_load_state()
    return str(page.evaluate(asked))


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until *wanted* has the focus."""
    for _ in range(60):
        if focused(page) == wanted:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {wanted}; it is at {focused(page)}.")


def id_of(page: Page) -> str:
    """Return the id in the page's address."""
    return urlsplit(page.url).path.rpartition("/")[2]


def body_of(program: Program, page: Page) -> dict[str, object]:
    """Return the finished visit that the page shows."""
    db = connect(program.settings.database, program.key)
    try:
        return visits.find(db, id_of(page)).body
    finally:
        db.close()


def draft_of(program: Program, draft: str) -> dict[str, object]:
    """Return what stands in a draft on the disk."""
    db = connect(program.settings.database, program.key)
    try:
        return drafts.load(db, draft).fields
    finally:
        db.close()


def open_record(page: Page, program: Program, place: str) -> None:
    """Start the program and begin a record at *place*."""
    page.goto(program.start())
    page.goto(f"http://127.0.0.1:{program.port}/co-so/{place}")
    page.get_by_role("button", name="Ghi cuộc kiểm tra").click()
    expect(page.locator("#date")).to_be_focused()
