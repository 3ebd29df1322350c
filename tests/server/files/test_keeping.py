"""Received files: verified, dropped when no record speaks for them, and tidied up by a job."""

import os

import pytest

from server.clock import now
from server.files import keeping, parts
from server.jobs.work import Work, tidy_files
from server.store import writing
from tests.pictures import name_of_file, plain_jpeg


@pytest.fixture
def folder(central):
    return central.settings.files


def goes_out_of_the_truth(sender, attachment, standing):
    """Do to a record what erasure and declining do to what speaks for a file."""
    with writing(sender.central.db) as conn:
        conn.execute("UPDATE items SET standing = ? WHERE id = ?", (standing, attachment))
        conn.execute("DELETE FROM attachments WHERE id = ?", (attachment,))


def lies(folder, content):
    return keeping.path_of(folder, name_of_file(content)).exists()


def test_a_file_that_is_whole_is_no_problem(sender, folder):
    sender.sends_all(sender.record())

    assert keeping.check_files(sender.central.db.conn, folder) == []


@pytest.mark.parametrize(("harm", "said"), [(lambda path: path.unlink(), "Thiếu"),
                                            (lambda path: path.write_bytes(b"x"), "không còn"),
                                            (lambda path: path.write_bytes(path.read_bytes()[::-1]), "không còn")])
def test_a_file_that_is_gone_or_changed_is_named(sender, folder, harm, said):
    sender.sends_all(sender.record())
    harm(keeping.path_of(folder, name_of_file(sender.content)))

    (problem,) = keeping.check_files(sender.central.db.conn, folder)

    assert said in problem
    assert name_of_file(sender.content) in problem


def test_a_record_that_says_wrongly_that_its_file_is_here_is_named(sender, folder):
    attachment = sender.record()
    sender.central.db.conn.execute("UPDATE attachments SET received = 1")

    (problem,) = keeping.check_files(sender.central.db.conn, folder)

    assert attachment in problem


@pytest.mark.parametrize("standing", ["erased", "declined"])
def test_a_file_goes_with_the_last_record_that_speaks_for_it(sender, new_sender, folder, standing):
    other = new_sender()
    first, second = sender.record(), other.record(sender.content)
    sender.sends_all(first)
    other.sends_all(second, sender.content)

    goes_out_of_the_truth(sender, first, standing)
    assert keeping.drop_orphans(sender.central.db, folder, now()) == 0
    assert lies(folder, sender.content)
    goes_out_of_the_truth(sender, second, standing)
    assert keeping.drop_orphans(sender.central.db, folder, now()) == 1

    assert not lies(folder, sender.content)
    assert keeping.check_files(sender.central.db.conn, folder) == []


def test_a_file_of_a_record_that_is_not_in_the_truth_yet_stays(central, sender, folder):
    attachment = sender.record(visit="018f6d3c-5a10-7c21-9b44-6f0a1d2e3c45")
    assert sender.standing == "held"
    sender.sends_all(attachment)

    assert keeping.drop_orphans(central.db, folder, now()) == 0
    assert lies(folder, sender.content)


def test_an_upload_stops_with_its_record(sender, folder):
    attachment = sender.record()
    upload = sender.begins(attachment).headers["Location"]
    sender.goes_on(upload, 0, sender.content[:500])

    goes_out_of_the_truth(sender, attachment, "erased")
    keeping.drop_orphans(sender.central.db, folder, now())

    assert sender.asks(upload).status_code == 404
    assert list((folder / parts.PARTS).iterdir()) == []


def test_the_job_drops_what_a_crash_left_behind_and_nothing_else(sender, folder):
    attachment = sender.record()
    sender.sends_all(attachment)
    upload = sender.begins(sender.record(plain_jpeg(7)), plain_jpeg(7)).headers["Location"]
    sender.goes_on(upload, 0, plain_jpeg(7)[:500])
    strays = [folder / parts.PARTS / "nobody", folder / "ab" / ("ab" * 32)]
    for path in strays:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"left behind")
    fresh = folder / "ab" / ("cd" * 32)
    fresh.write_bytes(b"on its way")
    for path in [*folder.glob("*/*")]:
        if path != fresh:
            os.utime(path, (0, 0))

    tidy_files(Work(sender.central.db, sender.central.settings, now()))

    assert [path.exists() for path in strays] == [False, False]
    assert fresh.exists()
    assert lies(folder, sender.content)
    assert sender.asks(upload).headers["Upload-Offset"] == "500"
