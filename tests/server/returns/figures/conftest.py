"""One server with the demo's sample for all that reads it and changes nothing."""

import shutil
from datetime import UTC, datetime

import pytest

from server.keys import read_keys
from server.sample import generate
from server.settings import Settings
from server.store import connect
from tests.conftest import Central

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def sampled(template, tmp_path_factory):
    """A server filled with the demo's sample; nobody changes it."""
    folder = tmp_path_factory.mktemp("sampled") / "server"
    shutil.copytree(template, folder)
    settings = Settings(folder)
    central = Central(settings, connect(settings.database), read_keys(settings.keys))
    generate(central.db, "demo", 178, AT)
    return central
