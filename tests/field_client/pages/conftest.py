"""A furnished laptop and a browser's worth of client on it."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database
from werkzeug.test import TestResponse

from field_client import web
from field_client.app import create_app
from field_client.settings import Settings
from field_client.store import connect
from tests.field_client.pages.furnish import DONG_DO, furnish

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Reader:
    """Opens pages and sends forms as a browser would, on the one session of the program."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.get(web.door(app))

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, base_url="http://127.0.0.1:8179", **kwargs)

    def text(self, path: str) -> str:
        """Return a page's text."""
        answer = self.get(path, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        return answer.text

    def token(self, path: str) -> str:
        """Return the token in the forms of a page."""
        found = TOKEN.search(self.get(path, follow_redirects=True).text)
        assert found, f"no form on {path}"
        return found[1]

    def post(self, path: str, form: dict[str, Any], *, seen: str = "/gui-nhan") -> TestResponse:
        """Send a form, with the token of the page *seen*."""
        body = {"csrf_token": self.token(seen), **form}
        return self.client.post(path, data=body, base_url="http://127.0.0.1:8179")

    def save(self, draft: str, **fields: str) -> TestResponse:
        """Send fields as the script does while one types; a double underscore is a dot."""
        sent = {name.replace("__", ".").replace("_COM_", "COM-"): value for name, value in fields.items()}
        return self.save_fields(draft, sent)

    def save_fields(self, draft: str, fields: Any) -> TestResponse:
        """Send fields by their names."""
        return self.client.post(
            f"/cuoc-kiem-tra/{draft}/luu",
            json={"fields": fields},
            headers={"X-CSRFToken": self.token("/gui-nhan"), "Accept": "application/json"},
            base_url="http://127.0.0.1:8179",
        )

    def begin(self, place: str = DONG_DO, **form: str) -> str:
        """Begin a record at a place, and return its draft's id."""
        answer = self.post(f"/co-so/{place}/ghi", form, seen=f"/co-so/{place}")
        assert answer.status_code == 303, answer.text
        return str(answer.location.rpartition("/")[2])


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An enrolled laptop after its first fetch, made once; tests copy it."""
    return furnish(tmp_path_factory.mktemp("furnished") / "máy").data


@pytest.fixture
def settings(furnished: Path, tmp_path: Path) -> Settings:
    """An enrolled laptop after its first fetch."""
    return Settings(Path(shutil.copytree(furnished, tmp_path / "máy của đội")))


@pytest.fixture
def open_pages() -> Callable[[Settings], Reader]:
    """Return a function that opens the program on a data folder; errors in pages are raised, not shown."""

    def build(settings: Settings) -> Reader:
        app = create_app(settings)
        app.config["PROPAGATE_FAULTS"] = True
        return Reader(app)

    return build


@pytest.fixture
def reader(settings: Settings, open_pages: Callable[[Settings], Reader]) -> Reader:
    """A browser on the furnished laptop."""
    return open_pages(settings)


@pytest.fixture
def db(settings: Settings) -> Iterator[Database]:
    """The laptop's database, beside the program."""
    handle = connect(settings.database)
    yield handle
    handle.close()
