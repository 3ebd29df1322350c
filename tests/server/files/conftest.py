"""A laptop at the files' door: its records, and short ways to speak tus."""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from schemas.attachments import type_of
from schemas.ids import new_id
from schemas.items import read
from server.access import credential_hash
from server.app import create_app
from tests.conftest import Central, Laptop
from tests.pictures import name_of_file, plain_jpeg

TUS = {"Tus-Resumable": "1.0.0"}
CHUNK = {"Content-Type": "application/offset+octet-stream"}


@dataclass
class Sender:
    """An enrolled laptop that writes records of files and sends the files."""

    central: Central
    client: FlaskClient
    laptop: Laptop
    place: str
    content: bytes = field(default_factory=plain_jpeg)

    @property
    def headers(self) -> dict[str, str]:
        return {**TUS, "Authorization": f"Bearer {self.laptop.id}"}

    def visit(self) -> str:
        """Send a visit and return its id."""
        line = self.laptop.visit(self.place)
        assert self.laptop.sends(line) == ["accepted"]
        return read(line).id

    def line(self, content: bytes, visit: str, **changes: Any) -> bytes:
        """Write the record of a file."""
        body = {"inspection": visit, "sha256": name_of_file(content), "size": len(content), "type": type_of(content),
                "role": "photo", **changes}  # fmt: skip
        return self.laptop.line("attachment", changes.pop("id", new_id()), body)

    def record(self, content: bytes | None = None, visit: str = "", **changes: Any) -> str:
        """Send the record of a file of a visit, and return its id."""
        line = self.line(self.content if content is None else content, visit or self.visit(), **changes)
        self.standing = self.laptop.sends(line)[0]
        return read(line).id

    def begins(self, attachment: str, content: bytes | None = None, body: bytes = b"", **changes: str) -> TestResponse:
        """Begin an upload."""
        content = self.content if content is None else content
        said = {"attachment": attachment, "sha256": name_of_file(content), "type": type_of(content), **changes}
        headers = self.headers | {
            "Upload-Length": changes.get("length", str(len(content))),
            "Upload-Metadata": ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in said.items()),
        }
        return self.client.post("/api/v1/files", headers=headers | (CHUNK if body else {}), data=body)

    def goes_on(self, upload: str, start: int, piece: bytes, **headers: str) -> TestResponse:
        """Send a piece that begins at *start*."""
        said = {"Upload-Offset": str(start), **{key.replace("_", "-"): value for key, value in headers.items()}}
        return self.client.patch(upload, headers={**self.headers, **CHUNK, **said}, data=piece)

    def asks(self, upload: str) -> TestResponse:
        """Ask how far an upload is."""
        return self.client.head(upload, headers=self.headers)

    def sends_all(self, attachment: str, content: bytes | None = None) -> TestResponse:
        """Begin an upload and send all of it at once."""
        content = self.content if content is None else content
        begun = self.begins(attachment, content)
        if begun.status_code != 201:
            return begun
        return self.goes_on(begun.headers["Location"], 0, content)

    def received(self, attachment: str) -> Any:
        return self.central.one("SELECT received FROM attachments WHERE id = ?", attachment)


def slug(answer: TestResponse) -> str:
    """Return what an answer was refused for."""
    assert answer.content_type == "application/problem+json", answer
    return str(json.loads(answer.data)["type"]).removeprefix("/problems/")


@pytest.fixture
def client(central):
    return create_app(central.settings).test_client()


@pytest.fixture
def new_sender(central, client):
    """Return a function that lets a laptop in, whose credential is its id."""
    place = central.place()

    def build() -> Sender:
        laptop = central.laptop()
        central.db["credentials"].insert(
            {"device": laptop.id, "hash": credential_hash(laptop.id), "made_at": "2026-11-20T15:00:00Z"}
        )
        return Sender(central, client, laptop, place)

    return build


@pytest.fixture
def sender(new_sender) -> Sender:
    return new_sender()
