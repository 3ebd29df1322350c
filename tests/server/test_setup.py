"""Making a server: an init that was cut short can be run again, and no key of a server is ever thrown away."""

from datetime import UTC, datetime

import pytest

from server import setup
from server.keys import make_keys, read_keys
from server.settings import Settings
from server.setup import AlreadyThere, create
from server.store import connect

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
NEW_YEARS_EVE = datetime(2026, 12, 31, 18, 0, tzinfo=UTC)  # 1 January in Vietnam


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setattr(setup, "load_units", lambda db, at: None)
    return Settings(tmp_path / "máy chủ")


def test_an_init_that_was_cut_short_is_run_again(settings, monkeypatch):
    with monkeypatch.context() as cut:
        cut.setattr(setup, "begin", lambda db, at: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            create(settings, AT)

    assert create(settings, AT) == read_keys(settings.keys).fingerprint
    assert not settings.data.joinpath("doi178.db.new").exists()


def test_the_keys_of_a_server_whose_database_is_elsewhere_stay(settings):
    settings.data.mkdir()
    make_keys(settings.keys)
    before = read_keys(settings.keys).public

    with pytest.raises(AlreadyThere):
        create(settings, AT)

    assert read_keys(settings.keys).public == before


def test_the_years_counted_go_by_the_day_in_vietnam(settings):
    create(settings, NEW_YEARS_EVE)

    years = connect(settings.database).conn.execute("SELECT max(year) FROM coverage_years").fetchone()
    assert years == (2027,)
