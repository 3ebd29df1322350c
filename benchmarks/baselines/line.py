"""The clients of the baselines: all rows in one request, or one request a row."""

import gzip
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from benchmarks.ends import process, wait_for
from benchmarks.figure import timed
from server.demo import free_port


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


@dataclass(frozen=True)
class Baselines:
    """A running server of the baselines, over a connection that is kept open."""

    address: str
    session: requests.Session = field(default_factory=_session)

    def raw_push(self, lines: Sequence[bytes]) -> float:
        """Send all *lines* in one request to an empty table; return the seconds until they are stored."""
        self.session.delete(f"{self.address}/raw", timeout=60).raise_for_status()
        with timed() as clock:
            body = gzip.compress(b"\n".join(lines), 6)
            answer = self.session.post(f"{self.address}/raw", data=body, timeout=300)
            assert answer.json() == {"stored": len(lines)}, answer.text
        return clock.seconds

    def raw_pull(self, file: Path) -> float:
        """Fetch all lines in one answer into one table of a new file; return the seconds until they are stored."""
        with timed() as clock:
            lines = gzip.decompress(self.session.get(f"{self.address}/raw", timeout=300).content).decode().split("\n")
            conn = one_table(file)
            conn.execute("BEGIN IMMEDIATE")
            conn.executemany("INSERT INTO lines (line) VALUES (?)", ((line,) for line in lines))
            conn.execute("COMMIT")
            conn.close()
        return clock.seconds

    def bare_push(self, line: bytes) -> None:
        """Send one record."""
        record = json.loads(line)
        self.session.post(f"{self.address}/bare", json=record, timeout=60).raise_for_status()

    def bare_pull(self, id: str) -> bytes:
        """Fetch one record."""
        answer = self.session.get(f"{self.address}/bare/{id}", timeout=60)
        answer.raise_for_status()
        return answer.content

    def page(self) -> None:
        """Fetch a page that is always the same."""
        self.session.get(f"{self.address}/page", timeout=60).raise_for_status()


def one_table(file: Path) -> sqlite3.Connection:
    """Open a new file with one table, as safe on the disk as ours."""
    conn = sqlite3.connect(file, isolation_level=None)
    conn.execute("PRAGMA journal_mode=WAL")
    conn.execute("PRAGMA synchronous=FULL")
    conn.execute("CREATE TABLE lines (n INTEGER PRIMARY KEY, line TEXT NOT NULL)")
    return conn


@contextmanager
def baselines(folder: Path) -> Iterator[Baselines]:
    """Run the server of the baselines in a process of its own."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with process("-m", "benchmarks.baselines.app", str(folder / "baselines.db"), str(port)) as running:
        wait_for(f"{address}/healthz", running)
        yield Baselines(address)
