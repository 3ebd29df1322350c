"""One account, and the own one, as programs read them: who manages sees changes, and nobody sees a secret."""

from server.clock import now
from server.office import things
from server.people import second, totp

COMMUNE = "new:15664"


def id_of(people, name):
    return next(id for id, one in things(people.central.db.conn, "user").items() if one["name"] == name)


def test_an_account_is_read_with_its_sessions_and_changes_and_without_a_secret(people):
    admin = people.inside("quản trị", role="admin", demo=True)
    people.inside("lan", unit=COMMUNE)
    conn, keys, id = people.central.db.conn, people.app.extensions["doi178"][1], id_of(people, "lan")
    secret = second.new_secret(conn, keys, id)
    codes = second.set_up(conn, keys, id, totp.code(secret, totp.step_at(now())), now())

    answer = admin.get(f"/api/v1/users/{id}")

    said = answer.get_json()
    assert (said["name"], said["unit"], said["codes_left"], len(said["sessions"])) == ("lan", COMMUNE, len(codes), 1)
    assert {"path": "role", "before": None, "after": "coordinator"} in said["changes"][0]["changed"]
    kept = conn.execute("SELECT hash FROM sessions UNION SELECT hash FROM passwords").fetchall()
    assert kept and not any(hash in answer.text for (hash,) in kept)
    assert not any(code in answer.text for code in codes)


def test_everybody_reads_the_own_account_and_no_other(people):
    mine = people.inside("lan", unit=COMMUNE)
    people.add("hoa", unit=COMMUNE)

    said = mine.get("/api/v1/account").get_json()

    assert (said["id"], said["name"], said["second_since"]) == (id_of(people, "lan"), "lan", "")
    assert [one["second"] for one in said["sessions"]] == [False]
    assert "changes" not in said
    assert mine.get(f"/api/v1/users/{id_of(people, 'hoa')}").status_code == 403


def test_an_account_that_is_not_there_is_not_found(people):
    admin = people.inside("quản trị", role="admin", demo=True)

    assert admin.get("/api/v1/users/019a0000-0000-7000-8000-0000000000ff").get_json()["type"] == "/problems/not-found"
