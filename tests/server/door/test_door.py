"""The laptops' door over HTTP: enrolment, batches, pages, and who is let in."""

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from schemas.items import name_of
from server.app import create_app
from server.clock import now
from server.door.enrol import invite
from server.office import state_of
from sync.engine import check
from sync.enrolment import proof
from sync.report import Report
from sync.revocation import Revocation, proven
from sync.wire import read_page, read_reply, write_batch

KEY, OTHER_KEY = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


def public(key):
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


@pytest.fixture
def client(central):
    return create_app(central.settings).test_client()


@pytest.fixture
def code(central):
    return invite(
        central.db, central.keys, unit="new:15664", team=None, address="http://127.0.0.1:1", at=now()
    ).code.secret


def enrol(client, code, key=KEY):
    given = {"code": code, "name": "Máy 1", "public_key": public(key), "proof": proof(key, code)}
    return client.post("/api/v1/enrol", json=given)


def let_in(client, code):
    answer = enrol(client, code).get_json()
    return answer, {"Authorization": f"Bearer {answer['credential']}"}


def slug(answer):
    assert answer.content_type == "application/problem+json"
    return answer.get_json()["type"].removeprefix("/problems/")


def test_a_lost_reply_to_the_enrolment_costs_nothing(client, code):
    first, again = enrol(client, code), enrol(client, code)

    assert first.get_json() == again.get_json()


def test_a_code_that_a_laptop_shows_twice_at_once_brings_in_one_device(central, code):
    apps = [create_app(central.settings) for _ in range(4)]  # as many web workers

    with ThreadPoolExecutor(len(apps)) as at_once:
        answers = list(at_once.map(lambda app: enrol(app.test_client(), code).get_json(), apps))

    assert len({answer["device"] for answer in answers}) == len({answer["credential"] for answer in answers}) == 1
    assert central.one("SELECT count(*) FROM things WHERE kind = 'device' AND state LIKE '%Máy 1%'") == 1


def test_a_code_brings_in_one_laptop_only(client, code):
    enrol(client, code)

    assert slug(enrol(client, code, OTHER_KEY)) == "bad-enrolment-code"


def test_a_code_past_its_time_is_refused(central, client):
    late = now() - timedelta(days=2)
    old = invite(central.db, central.keys, unit="new:15664", team=None, address="http://x", at=late).code.secret

    assert slug(enrol(client, old)) == "bad-enrolment-code"


def test_guessing_codes_is_throttled(client):
    answers = [enrol(client, f"{n:016x}") for n in range(31)]

    assert slug(answers[-1]) == "too-many-tries"
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_what_is_missing_from_an_enrolment_is_named(client):
    answer = client.post("/api/v1/enrol", json={"code": "x"})

    assert slug(answer) == "invalid-input"
    assert set(answer.get_json()["errors"]) == {"name", "public_key", "proof"}


def test_a_key_that_cannot_be_proven_is_not_let_in(client, code):
    given = {"code": code, "name": "Máy 1", "public_key": public(KEY), "proof": proof(OTHER_KEY, code)}

    assert slug(client.post("/api/v1/enrol", json=given)) == "bad-enrolment-code"


def test_a_laptop_that_is_enrolled_again_is_the_same_laptop(central, client, code):
    first = enrol(client, code).get_json()
    central.edit("device", first["device"], {"revoked_on": "2026-11-01"})
    another = invite(
        central.db, central.keys, unit="new:15682", team=None, address="http://127.0.0.1:1", at=now()
    ).code.secret

    again, headers = let_in(client, another)

    assert (again["device"], again["area"]) == (first["device"], "new:15682")
    assert client.get("/api/v1/changes", headers=headers).status_code == 200


def test_no_secret_stands_in_the_database_in_clear(central, client, code):
    answer, _ = let_in(client, code)
    central.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    stored = central.settings.database.read_bytes()

    assert answer["credential"].encode() not in stored
    assert code.encode() not in stored


@pytest.mark.parametrize(("method", "path"), [("post", "/api/v1/batches"), ("get", "/api/v1/changes")])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}])
def test_an_unknown_credential_asks_for_enrolment_again(client, method, path, headers):
    answer = getattr(client, method)(path, headers=headers)

    assert (answer.status_code, slug(answer)) == (401, "unknown-device")


def test_a_batch_over_http_is_answered_and_sealed(central, client, code):
    answer, headers = let_in(client, code)
    laptop, place = central.laptop(), central.place()
    laptop.id = answer["device"]
    lines = [laptop.visit(place), laptop.visit(place, outcome="nonsense")]

    reply = read_reply(client.post("/api/v1/batches", data=write_batch(lines), headers=headers).data, lines)

    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(answer["server_key"]))
    check(reply, key)
    assert [receipt.standing for receipt in reply.receipts] == ["accepted", "quarantined"]
    assert [receipt.item for receipt in reply.receipts] == [name_of(line) for line in lines]


@pytest.mark.parametrize("cut", [slice(None, -9), slice(None, 12), slice(0, 0)])
def test_a_batch_that_was_cut_is_refused_whole_and_nothing_of_it_is_kept(central, client, code, cut):
    _, headers = let_in(client, code)
    before = central.one("SELECT count(*) FROM arrivals")

    answer = client.post("/api/v1/batches", data=write_batch([b"{}"])[cut], headers=headers)

    assert slug(answer) == "unreadable-body"
    assert central.one("SELECT count(*) FROM arrivals") == before


def test_a_page_and_what_the_laptop_said_of_itself(central, client, code):
    answer, headers = let_in(client, code)
    place = central.place()
    report = Report(drafts=2, unsent=3, earliest="2026-11-01", version="0.1.0", clock=now().isoformat())

    page = read_page(
        client.get("/api/v1/changes", headers={**headers, "Doi178-Report": report.text()}).data
    )

    assert place in {change.id for change in page.changes}
    said = central.db.conn.execute(
        "SELECT drafts, unsent, earliest FROM contacts WHERE device = ?", (answer["device"],)
    ).fetchone()
    assert said == (2, 3, "2026-11-01")


def test_a_cursor_of_another_history_starts_the_copy_over(client, code):
    _, headers = let_in(client, code)

    answer = client.get("/api/v1/changes?after=W10=", headers=headers)

    assert (answer.status_code, slug(answer)) == (410, "other-history")


def test_a_revoked_laptop_gets_nothing_and_what_it_sends_is_kept(central, client, code):
    answer, headers = let_in(client, code)
    laptop, place = central.laptop(), central.place()
    laptop.id = answer["device"]
    central.edit("device", laptop.id, {"revoked_on": "2026-11-20"})
    line = laptop.visit(place)

    down = client.get("/api/v1/changes", headers=headers)
    up = client.post("/api/v1/batches", data=write_batch([line]), headers=headers)

    assert slug(down) == "revoked-device"
    assert read_reply(up.data, [line]).receipts[0].standing == "quarantined"


def test_a_revoked_laptop_is_told_so_by_the_server_s_own_signature(central, client, code):
    answer, headers = let_in(client, code)
    central.edit("device", answer["device"], {"revoked_on": "2026-11-20"})

    told = client.get("/api/v1/changes", headers=headers)

    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(answer["server_key"]))
    assert told.status_code == 403
    assert proven(told.get_json()["statement"], key, answer["device"]) == Revocation(
        answer["device"], "2026-11-20", answer["lineage"]
    )


def test_a_laptop_that_is_enrolled_again_is_in_use_again(central, client, code):
    first = enrol(client, code).get_json()
    left = {"revoked_on": "2026-11-01", "revoked_reason": "Mất", "retired_on": "2026-11-02", "retired_by": "Hạnh"}
    central.edit("device", first["device"], left)
    fresh = invite(central.db, central.keys, unit="new:15664", team=None, address="http://127.0.0.1:1", at=now())

    enrol(client, fresh.code.secret)

    assert not left.keys() & state_of(central.db.conn, "device", first["device"]).keys()


def test_healthz_answers_when_the_database_can_be_read(client):
    assert client.get("/healthz").status_code == 200


def test_a_locked_laptop_does_not_unlock_itself_with_the_code_it_came_in_by(central, client, code):
    answer = enrol(client, code).get_json()
    central.edit("device", answer["device"], {"revoked_on": "2026-11-20"})

    again = enrol(client, code)

    assert (again.status_code, slug(again)) == (403, "bad-enrolment-code")
    fresh = invite(central.db, central.keys, unit="new:15664", team=None, address="http://127.0.0.1:1", at=now())
    assert enrol(client, fresh.code.secret).get_json()["device"] == answer["device"]
