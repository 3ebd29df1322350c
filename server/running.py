"""Running the server: waitress on loopback or behind a proxy, gunicorn with TLS beyond it."""

import json
import logging
import os
import sys
from pathlib import Path

from waitress.server import create_server

from server.app import create_app
from server.clock import local_day, now
from server.coverage.years import add_year
from server.settings import Settings
from server.store import open_store
from sync.http import LOOPBACK

ADDRESS_FILE = "address.json"
DEFAULT_ADDRESS = "http://127.0.0.1:8178"


def address_of(folder: Path) -> str:
    """Return the address under which the server in *folder* was last run."""
    try:
        return str(json.loads((folder / ADDRESS_FILE).read_text())["address"])
    except (OSError, ValueError, KeyError):
        return DEFAULT_ADDRESS


def serve(folder: Path, *, host: str, port: int, public_url: str, workers: int) -> None:
    """Serve until stopped. Beyond loopback it speaks TLS itself, unless the settings name a proxy."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    proxy = os.environ.get("DOI178_PROXY") == "1"
    if not public_url and (proxy or host in {"0.0.0.0", "::"}):
        sys.exit("Error: Các máy tính cần biết địa chỉ máy chủ: thêm --public-url https://…")
    tls = host not in LOOPBACK and not proxy
    address = public_url or f"{'https' if tls else 'http'}://{host}:{port}"
    (folder / ADDRESS_FILE).write_text(json.dumps({"address": address}))
    settings = Settings(folder, public_url or (address if tls else ""), proxy)
    count_this_year(settings)
    if tls or workers > 1:
        _gunicorn(settings, host, port, workers, tls=tls)
    else:
        _waitress(settings, host, port)


def count_this_year(settings: Settings) -> None:
    """See to it that the present year has day deltas: a new year begins without them."""
    db = open_store(settings.database)
    if not db.conn.execute("SELECT 1 FROM coverage_years WHERE year = ?", (local_day(now()).year,)).fetchone():
        add_year(db, local_day(now()).year)
    db.close()


def _waitress(settings: Settings, host: str, port: int) -> None:
    app = create_app(settings)
    try:
        server = create_server(app, host=host, port=port, threads=8, max_request_body_size=32_000_000)
    except OSError:
        sys.exit(f"Error: Cổng {port} đang có chương trình khác dùng; chọn cổng khác bằng --port.")
    print(f"Máy chủ chạy tại http://{host}:{port} – Ctrl-C để dừng.", file=sys.stderr, flush=True)
    server.run()


def _gunicorn(settings: Settings, host: str, port: int, workers: int, *, tls: bool) -> None:
    """Become gunicorn: several processes on one data folder, TLS with the server's own key."""
    if sys.platform == "win32":
        sys.exit("Error: Trên Windows hãy đặt proxy TLS phía trước và đặt DOI178_PROXY=1.")
    os.environ |= {"DOI178_DATA": str(settings.data), "DOI178_PUBLIC_URL": settings.public_url}
    arguments = [
        sys.executable, "-m", "gunicorn", "--bind", f"{host}:{port}", "--workers", str(workers),
        "--threads", "8", "--timeout", "120", "--graceful-timeout", "20",
    ]  # fmt: skip
    if tls:
        keys = settings.keys
        arguments += ["--certfile", str(keys / "tls.crt"), "--keyfile", str(keys / "tls.pem")]
    os.execv(sys.executable, [*arguments, "server.app:create_app()"])
