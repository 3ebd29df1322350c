"""Running the server: waitress on loopback or behind a proxy, gunicorn with TLS beyond it."""

import logging
import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

from waitress.server import create_server

from server.address import leave_address
from server.app import create_app
from server.duty import Duty
from server.jobs import work
from server.settings import UPLOAD_LIMIT, Settings
from sync.http import LOOPBACK
from sync.locks import Taken, join

THREADS = 128  # of a process: most of them wait, for a line or for a turn (server.turns)


def serve(folder: Path, *, host: str, port: int, public_url: str, workers: int) -> None:
    """Serve until stopped. Beyond loopback it speaks TLS itself, unless the settings name a proxy."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    proxy = os.environ.get("DOI178_PROXY") == "1"
    if not public_url and (proxy or host in {"0.0.0.0", "::"}):
        sys.exit("Error: Các máy tính cần biết địa chỉ máy chủ: thêm --public-url https://…")
    tls = host not in LOOPBACK and not proxy
    address = public_url or f"{'https' if tls else 'http'}://{host}:{port}"
    settings = Settings(folder, public_url or (address if tls else ""), proxy)
    _share(settings)
    work.count_this_year(settings)
    work.judge_again(settings)
    if tls or workers > 1:
        _try_port(host, port)
        leave_address(folder, address)
        _gunicorn(settings, host, port, workers, tls=tls)
    else:
        _waitress(settings, host, port, address)


def _share(settings: Settings) -> None:
    """Hold the folder as long as this program runs, and what it becomes: a restore must not replace it meanwhile."""
    try:
        join(settings.run_lock)
    except Taken:
        sys.exit("Error: Thư mục dữ liệu đang được khôi phục; chờ xong rồi chạy lại.")


def _try_port(host: str, port: int) -> None:
    try:
        socket.create_server((host, port)).close()
    except OSError:
        _port_taken(port)


def _port_taken(port: int) -> NoReturn:
    sys.exit(f"Error: Cổng {port} đang có chương trình khác dùng; chọn cổng khác bằng --port.")


def _waitress(settings: Settings, host: str, port: int, address: str) -> None:
    app = create_app(settings)
    try:
        server = create_server(app, host=host, port=port, threads=THREADS, max_request_body_size=UPLOAD_LIMIT)
    except OSError:
        _port_taken(port)
    leave_address(settings.data, address)
    print(f"Máy chủ chạy tại http://{host}:{port} – Ctrl-C để dừng.", file=sys.stderr, flush=True)
    duty = Duty(settings)
    try:
        server.run()
    finally:
        duty.stop()


def _gunicorn(settings: Settings, host: str, port: int, workers: int, *, tls: bool) -> None:
    """Become gunicorn: several processes on one data folder, TLS with the server's own key."""
    if sys.platform == "win32":
        sys.exit("Error: Trên Windows hãy đặt proxy TLS phía trước và đặt DOI178_PROXY=1.")
    os.environ |= {"DOI178_DATA": str(settings.data), "DOI178_PUBLIC_URL": settings.public_url}
    arguments = [
        sys.executable, "-m", "gunicorn", "--bind", f"{host}:{port}", "--workers", str(workers),
        "--threads", str(THREADS), "--timeout", "120", "--graceful-timeout", "10", "--config", "python:server.hooks",
    ]  # fmt: skip
    if tls:
        keys = settings.keys
        arguments += ["--certfile", str(keys / "tls.crt"), "--keyfile", str(keys / "tls.pem")]
    os.execv(sys.executable, [*arguments, "server.app:create_app()"])
