"""A newer program on a laptop: only what the server signed, whole or not at all, beside the old one, when safe."""

import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_client.updating import getting, installing, offers
from field_client.updating.installing import Home, NotNow
from schemas.items import SCHEMA
from server.clients.keeping import add, piece
from sync.errors import BadReply
from sync.release import PIECE
from tests.releases import archive


@pytest.fixture
def held(tmp_path):
    """A release that a server holds."""
    return add(tmp_path / "clients", archive(tmp_path / "a.zip"))


@pytest.fixture
def key(laptop):
    """The key that this laptop trusts."""
    return laptop.line.key


@pytest.fixture
def home(tmp_path):
    """An installation of version 0.1.0."""
    folder = tmp_path / "Doi178"
    (folder / "programs" / "0.1.0").mkdir(parents=True)
    (folder / "current.txt").write_text("0.1.0\n")
    return Home(folder)


def all_pieces(tmp_path, release):
    return {n: piece(tmp_path / "clients", release, n, PIECE) for n in range(release.pieces)}


def fetched(tmp_path, release):
    folder = tmp_path / "releases"
    for number, content in all_pieces(tmp_path, release).items():
        getting.put(folder, release, number, content)
    return getting.archive_of(folder, release)


def test_what_the_server_signed_for_this_machine_is_offered(laptop, held, key):
    assert offers.take(laptop.db, held.signed(key)) == held
    assert offers.offered(laptop.db.conn) == held


def test_what_another_signed_is_for_another_machine_or_older_is_not(laptop, held, key):
    others = [
        held.signed(Ed25519PrivateKey.generate()),
        replace(held, platform="other-machine").signed(key),
        replace(held, version="0.0.1").signed(key),
        None,
        {"version": "9.9.9"},
    ]

    assert [offers.take(laptop.db, other) for other in others] == [None] * 5
    assert offers.offered(laptop.db.conn) is None


def test_an_older_offer_does_not_take_the_place_of_a_newer(laptop, held, key):
    offers.take(laptop.db, held.signed(key))

    assert offers.take(laptop.db, replace(held, version="9.9.8").signed(key)) is None
    assert offers.offered(laptop.db.conn) == held


def test_pieces_may_come_in_any_order_and_twice(tmp_path, held):
    folder, pieces = tmp_path / "releases", all_pieces(tmp_path, held)

    for number in (2, 0, 2, 1, 1):
        getting.put(folder, held, number, pieces[number])

    assert getting.archive_of(folder, held).read_bytes() == (tmp_path / "a.zip").read_bytes()
    assert getting.here(folder, held) == held.size


def test_a_piece_of_the_wrong_length_is_refused(tmp_path, held):
    for number, content in ((0, b"short"), (held.pieces, b""), (held.pieces - 1, b"x" * PIECE)):
        with pytest.raises(BadReply):
            getting.put(tmp_path / "releases", held, number, content)


def test_bytes_that_are_not_those_that_were_signed_are_thrown_away(tmp_path, held):
    folder, pieces = tmp_path / "releases", all_pieces(tmp_path, held)
    getting.put(folder, held, 0, bytes(PIECE))
    getting.put(folder, held, 1, pieces[1])

    with pytest.raises(BadReply):
        getting.put(folder, held, 2, pieces[2])

    assert not getting.is_here(folder, held)
    assert getting.here(folder, held) == 0


class Cut(Exception):
    pass


def test_what_was_fetched_before_the_line_was_cut_is_not_fetched_again(tmp_path, held):
    folder, pieces, asked = tmp_path / "releases", all_pieces(tmp_path, held), []

    class Line:
        def ask(self, method, path, params):
            asked.append(int(params["piece"]))
            if len(asked) == 3:
                raise Cut
            return type("Answer", (), {"content": pieces[int(params["piece"])]})

    with pytest.raises(Cut):
        getting.fetch(folder, held, Line())
    getting.fetch(folder, held, Line())

    assert asked == [0, 1, 2, 2]
    assert getting.is_here(folder, held)


def test_it_stands_beside_the_old_one_and_starts_the_next_time(laptop, held, home, tmp_path):
    installing.install(laptop.db.conn, home, held, fetched(tmp_path, held))

    assert (home.current, home.previous) == ("9.9.9", "0.1.0")
    assert (home.program("9.9.9") / "doi178-field").stat().st_mode & 0o111
    assert installing.schema_of(home.program("9.9.9")) == SCHEMA
    assert installing.back(home) == "0.1.0"
    assert (home.current, home.previous) == ("0.1.0", "9.9.9")


def test_a_folder_that_was_half_unpacked_is_unpacked_again(laptop, held, home, tmp_path):
    half = home.path / "programs" / "9.9.9.new"
    half.mkdir()
    (half / "left over").write_text("x")

    installing.install(laptop.db.conn, home, held, fetched(tmp_path, held))

    assert not (home.program("9.9.9") / "left over").exists()


def test_only_the_two_last_versions_are_kept(laptop, held, home, tmp_path):
    home.program("0.0.9").mkdir()

    installing.install(laptop.db.conn, home, held, fetched(tmp_path, held))

    assert sorted(path.name for path in (home.path / "programs").iterdir()) == ["0.1.0", "9.9.9"]


def test_it_is_not_installed_while_it_could_not_read_what_waits(laptop, held, home, tmp_path):
    laptop.record()
    deaf = replace(held, schema=SCHEMA + 1, reads_from=SCHEMA + 1)

    with pytest.raises(NotNow, match="chờ gửi"):
        installing.install(laptop.db.conn, home, deaf, tmp_path / "none")

    assert (home.current, home.previous) == ("0.1.0", "")
    assert not laptop.sync().trouble
    assert installing.why_not(laptop.db.conn, deaf) == ""


def test_a_program_that_writes_older_records_is_not_installed(laptop, held):
    assert "cũ hơn" in installing.why_not(laptop.db.conn, replace(held, schema=SCHEMA - 1))


def test_there_is_no_way_back_where_the_version_before_is_gone(home):
    with pytest.raises(NotNow):
        installing.back(home)


def test_a_program_that_was_not_started_from_a_folder_has_no_home(tmp_path):
    assert Home.of({}) is None
    assert Home.of({"DOI178_HOME": str(tmp_path)}) is None


def test_the_offer_is_kept_as_it_was_signed(laptop, held, key):
    offers.take(laptop.db, held.signed(key))

    kept = laptop.db.conn.execute("SELECT value FROM meta WHERE key = 'release'").fetchone()[0]

    assert json.loads(kept) == held.signed(key)
