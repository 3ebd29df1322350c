"""Moving to another TLS key: signed by the old one, taken up where it was cut short, told to everybody."""

import shutil
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from server.app import create_app
from server.cli.main import commands
from server.keys import fingerprint_of, read_keys, write_tls
from server.moves import moves, rekey
from sync.moving import follow

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def test_the_old_key_says_which_is_the_new_one(central):
    folder, before = central.settings.keys, central.keys

    after = rekey(folder, AT)

    assert after.fingerprint != before.fingerprint
    assert (after.public, after.secret) == (before.public, before.secret)
    assert follow(before.fingerprint, moves(folder)) == after.fingerprint
    assert fingerprint_of(folder / f"old-{before.fingerprint[:16]}" / "tls.crt") == before.fingerprint
    assert not (folder / "new").exists()


def test_many_moves_make_one_chain(central):
    folder, pins = central.settings.keys, [central.keys.fingerprint]

    pins += [rekey(folder, AT).fingerprint for _ in range(3)]

    assert len(set(pins)) == 4
    assert [follow(pin, moves(folder)) for pin in pins] == [pins[-1]] * 4


# What lies in the folder when the power goes after each step, of what a whole move leaves behind.
CUTS = {
    "the new key was made": {"new/tls.pem": "tls.pem", "new/tls.crt": "tls.crt"},
    "the old key has signed": {"new/tls.pem": "tls.pem", "new/tls.crt": "tls.crt", "moves.json": "moves.json"},
    "the key was put in its place": {"tls.pem": "tls.pem", "new/tls.crt": "tls.crt", "moves.json": "moves.json"},
}


@pytest.mark.parametrize("cut", CUTS)
def test_a_move_that_was_cut_short_is_taken_up_and_the_chain_holds(central, tmp_path, cut):
    folder, before, whole = central.settings.keys, central.keys.fingerprint, tmp_path / "whole"
    shutil.copytree(folder, whole)
    meant = rekey(whole, AT).fingerprint
    (folder / "new").mkdir()
    for name, source in CUTS[cut].items():
        shutil.copy(whole / source, folder / name)

    after = rekey(folder, AT).fingerprint

    assert after == read_keys(folder).fingerprint == meant
    assert follow(before, moves(folder)) == after
    assert load_pem_private_key((folder / "tls.pem").read_bytes(), None).public_key() == key_of(folder / "tls.crt")
    assert fingerprint_of(folder / f"old-{before[:16]}" / "tls.crt") == before
    assert not (folder / "new").exists()


def key_of(certificate):
    return load_pem_x509_certificate(certificate.read_bytes()).public_key()


def test_a_key_half_written_is_made_anew(central):
    folder = central.settings.keys
    (folder / "new").mkdir()
    write_tls(folder / "new")
    (folder / "new" / "tls.crt").unlink()

    after = rekey(folder, AT)

    assert follow(central.keys.fingerprint, moves(folder)) == after.fingerprint


def test_everybody_is_told_how_the_key_has_moved(central):
    client = create_app(central.settings).test_client()
    before = client.get("/api/v1/key").get_json()

    after = rekey(central.settings.keys, AT)

    assert before == {"moves": []}
    assert follow(central.keys.fingerprint, client.get("/api/v1/key").get_json()["moves"]) == after.fingerprint


def test_the_command_moves_the_key_and_prints_the_new_fingerprint(central):
    done = CliRunner().invoke(commands, ["rekey", "--data", str(central.settings.data), "--json"])

    assert done.exit_code == 0
    assert read_keys(central.settings.keys).fingerprint in done.stdout
    assert "Chạy lại máy chủ" in done.stderr


def test_without_a_server_the_command_says_what_to_do(tmp_path):
    done = CliRunner().invoke(commands, ["rekey", "--data", str(tmp_path)])

    assert done.exit_code == 1
    assert "doi178-server init" in done.stderr
