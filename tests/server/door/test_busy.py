"""A server that has too much to do says so before anything is begun, and says when to come again."""

from contextlib import ExitStack

import pytest

from server.access import credential_hash
from server.app import create_app
from server.pool import Pool
from server.store import writing
from server.turns import ROOM
from sync.locks import alone
from sync.wire import read_reply, write_batch


@pytest.fixture
def app(central):
    made = create_app(central.settings)
    made.extensions["doi178_pool"] = Pool(central.settings.database, patience=0.05)
    return made


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def laptop(central):
    made = central.laptop()
    with writing(central.db) as conn:
        conn.execute(
            "INSERT INTO credentials (device, hash, made_at) VALUES (?, ?, '2026-11-20T15:00:00Z')",
            (made.id, credential_hash("secret")),
        )
    return made


HEADERS = {"Authorization": "Bearer secret"}


def is_busy(answer):
    assert (answer.status_code, answer.get_json()["type"]) == (429, "/problems/busy")
    return int(answer.headers["Retry-After"]) >= 1


def test_a_batch_that_does_not_get_the_write_lock_is_not_begun_and_is_taken_later(central, client, laptop):
    line = laptop.visit(central.place())
    before = central.one("SELECT count(*) FROM arrivals")

    with writing(central.db):
        assert is_busy(client.post("/api/v1/batches", data=write_batch([line]), headers=HEADERS))

    assert central.one("SELECT count(*) FROM arrivals") == before
    answer = client.post("/api/v1/batches", data=write_batch([line]), headers=HEADERS)
    assert read_reply(answer.data, [line]).receipts[0].standing == "accepted"


@pytest.mark.parametrize(("work", "method", "path"), [("batch", "POST", "batches"), ("page", "GET", "changes")])
def test_while_others_fill_the_room_a_laptop_is_sent_away(central, client, laptop, work, method, path):
    body = write_batch([laptop.visit(central.place())]) if method == "POST" else None
    before = central.one("SELECT count(*) FROM arrivals")

    with ExitStack() as others:
        for n in range(ROOM):
            others.enter_context(alone(central.settings.data / "turns" / f"{work}-{n}"))
        assert is_busy(client.open(f"/api/v1/{path}", method=method, data=body, headers=HEADERS))

    assert central.one("SELECT count(*) FROM arrivals") == before
    assert client.open(f"/api/v1/{path}", method=method, data=body, headers=HEADERS).status_code == 200


def test_whatever_does_not_get_the_write_lock_is_not_begun(central, client):
    with writing(central.db):
        given = {"code": "0123456789abcdef", "name": "Máy", "public_key": "k" * 44, "proof": "p" * 88}
        answer = client.post("/api/v1/enrol", json=given)

    assert is_busy(answer)
