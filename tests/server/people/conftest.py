"""Somebody at the door: a browser that fills in the forms that the pages show."""

import re

import pytest

from server.app import create_app
from server.clock import now
from server.people import totp
from server.people.users import add_user

PASSWORD = "mật khẩu đủ dài"


class Browser:
    """A browser of the office, by its forms."""

    def __init__(self, app):
        self.client = app.test_client()

    def get(self, path):
        return self.client.get(path, follow_redirects=True)

    def post(self, path, form="", **data):
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(form or path).text)[1]
        return self.client.post(path, data={"csrf_token": token, **data})

    def sign_in(self, name, password=PASSWORD):
        return self.post("/dang-nhap", name=name, password=password)

    def code(self, at=None):
        """Return the code that a phone shows which was set up from the page that is open."""
        return totp.code(self.secret, totp.step_at(at or now()))


class People:
    """The accounts of one server, and browsers in front of it."""

    def __init__(self, central):
        self.central, self.app = central, create_app(central.settings)
        self.app.config.update(TESTING=True, PROPAGATE_FAULTS=True)

    def add(self, name="hạnh", role="coordinator", unit="new:38", password=PASSWORD, **also):
        account = {"role": role, "unit": unit, "password": password, "also": also}
        return add_user(self.central.db, name, author="test", at=now(), **account)

    def browser(self):
        return Browser(self.app)

    def inside(self, *given, **more):
        """Add somebody and return a browser in which they are signed in."""
        self.add(*given, **more)
        browser = self.browser()
        browser.sign_in(more.get("name") or (given[0] if given else "hạnh"))
        return browser

    def log(self, *what):
        rows = self.central.db.conn.execute("SELECT what FROM audit ORDER BY seq").fetchall()
        return [row[0] for row in rows if not what or row[0] in what]

    def no_secret_in_the_file(self, *secrets):
        self.central.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        content = self.central.settings.database.read_bytes()
        return [secret for secret in secrets if secret in content]


@pytest.fixture
def people(central):
    return People(central)
