"""What the server hands out: a list that names only what is whole, signed, and pieces of it to laptops alone."""

import json

import pytest

from server.access import credential_hash
from server.app import create_app
from server.clients.keeping import BadRelease, add, all_of, newest
from server.store import writing
from sync.release import PIECE, proven
from tests.releases import archive


def known(central):
    """Let the server know a laptop whose credential is “secret”."""
    laptop = central.laptop()
    with writing(central.db) as conn:
        conn.execute(
            "INSERT INTO credentials (device, hash, made_at) VALUES (?, ?, '2026-11-20T15:00:00Z')",
            (laptop.id, credential_hash("secret")),
        )


def test_the_newest_of_a_platform_is_offered(tmp_path):
    folder = tmp_path / "clients"
    for version in ("0.9.0", "0.10.0", "0.2.0"):
        add(folder, archive(tmp_path / "a.zip", version, platform="windows-amd64"))
    add(folder, archive(tmp_path / "b.zip", "0.1.0", platform="linux-x86_64"))

    assert newest(folder, "windows-amd64").version == "0.10.0"
    assert newest(folder, "linux-x86_64").version == "0.1.0"
    assert newest(folder, "darwin-arm64") is None


def test_the_same_version_again_takes_the_place_of_the_one_before(tmp_path):
    add(tmp_path / "c", archive(tmp_path / "a.zip"))
    second = add(tmp_path / "c", archive(tmp_path / "b.zip"))

    assert all_of(tmp_path / "c") == [second]


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_what_is_no_release_is_refused_in_one_sentence(tmp_path, content):
    file = tmp_path / "a.zip"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(BadRelease, match=r"tệp|Tệp"):
        add(tmp_path / "c", file)

    assert all_of(tmp_path / "c") == []


def test_an_archive_that_does_not_say_what_it_is_is_refused(tmp_path):
    with pytest.raises(BadRelease, match="phiên bản"):
        add(tmp_path / "c", archive(tmp_path / "a.zip", "mới nhất"))


def test_a_laptop_is_offered_it_signed_and_gets_its_pieces(central, tmp_path):
    release = add(central.settings.clients, archive(tmp_path / "a.zip"))
    client, headers = create_app(central.settings).test_client(), {"Authorization": "Bearer secret"}
    known(central)

    offer = client.get(f"/api/v1/client?platform={release.platform}", headers=headers).get_json()["release"]
    pieces = [client.get(f"/api/v1/client/{release.sha256}?piece={n}", headers=headers).data
              for n in range(release.pieces)]  # fmt: skip

    assert proven(offer, central.keys.signing.public_key()) == release
    assert b"".join(pieces) == (tmp_path / "a.zip").read_bytes()
    assert {len(piece) for piece in pieces[:-1]} == {PIECE}
    assert client.get(f"/api/v1/client/{release.sha256}?piece=99", headers=headers).status_code == 422
    assert client.get(f"/api/v1/client/{'0' * 64}?piece=0", headers=headers).status_code == 404
    assert client.get("/api/v1/client?platform=x-y", headers=headers).get_json() == {"release": None}
    assert client.get(f"/api/v1/client/{release.sha256}?piece=0").status_code == 401
    assert json.loads((central.settings.clients / "releases.json").read_text())[0]["version"] == "9.9.9"
