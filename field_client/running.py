"""Running the laptop's program: pages on loopback, sending by itself, one program a data folder."""

import _thread
import json
import logging
import os
import signal
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Any

from flask import Flask
from waitress.server import create_server

from field_client import memory
from field_client.jobs import Courier
from field_client.locks import Taken, alone
from field_client.settings import Settings
from field_client.updating.installing import AGAIN, Home

HOST = "127.0.0.1"
PORT = 8179
IN_MEMORY = 45_000_000  # bytes of a request: a photo is covered before anything of it is written to the disk


class PortTaken(Exception):
    """Another program listens there."""


def serve(settings: Settings, *, port: int | None, opens: Any = webbrowser.open, passphrase: str = "") -> str:
    """Serve until stopped. Where a program has this folder open already, open that one and return its link.

    With a *passphrase* the store is unlocked at once; without one a page asks for it.
    """
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    memory.one_pool()
    try:
        with alone(settings.run_lock):
            _serve(settings, port, opens, passphrase)
            return ""
    except Taken:
        link = link_of(settings.run_address)
        opens(link)
        return link


def link_of(file: Path) -> str:
    """Return the link that opens the running program."""
    try:
        return str(json.loads(file.read_text())["link"])
    except (OSError, ValueError, KeyError):
        return f"http://{HOST}:{PORT}/"


def _serve(settings: Settings, port: int | None, opens: Any, passphrase: str) -> None:
    from field_client.app import create_app
    from field_client.web import door, gate

    app = create_app(settings)
    if passphrase and gate(app).key is None:
        gate(app).unlock(passphrase)
    server = _listen(app, port)
    link = f"http://{HOST}:{server.effective_port}{door(app)}"
    app.extensions["doi178-begin-again"] = lambda: _begin_again(server)
    _leave(settings.run_address, link)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    gate(app).then(lambda key: _send_by_itself(app, Courier(settings, key=key)))
    try:
        print(f"Mở trong trình duyệt: {link}\nCtrl-C để dừng.", file=sys.stderr, flush=True)
        opens(link)
        if home := Home.of():
            home.note_started()
        server.run()
    finally:
        if "doi178-courier" in app.extensions:
            app.extensions["doi178-courier"].stop()
        settings.run_address.unlink(missing_ok=True)
    if getattr(server, "begins_again", False):
        sys.exit(AGAIN)


def _begin_again(server: Any) -> None:
    """End this program once the page under way is sent, and let the start file begin the one that is current now.

    By SIGTERM, which this program always handles: who was started in the background ignores Ctrl-C.
    """
    server.begins_again = True
    threading.Timer(1.0, _thread.interrupt_main, [signal.SIGTERM]).start()


def _send_by_itself(app: Flask, courier: Courier) -> None:
    app.extensions["doi178-courier"] = courier
    courier.start()


def _listen(app: Flask, port: int | None) -> Any:
    """Listen on *port*; without one on the usual port, or on any that is free."""
    for one in (port,) if port is not None else (PORT, 0):
        try:
            return create_server(app, host=HOST, port=one, threads=8, inbuf_overflow=IN_MEMORY)
        except OSError as error:
            logging.getLogger(__name__).info("Port %s cannot be had: %s", one, error)
    raise PortTaken(f"Cổng {port} đang có chương trình khác dùng; chọn cổng khác bằng --port.")


def _leave(file: Path, link: str) -> None:
    """Write where the program listens, for nobody else to read: the link opens a session."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        json.dump({"link": link, "pid": os.getpid()}, handle)
