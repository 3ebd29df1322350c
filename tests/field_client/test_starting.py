"""What keeps the program from starting is said where somebody sees it: on the command line, and in the browser."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from field_client.starting import from_an_icon, show
from field_client.store import open_store

RUN = [sys.executable, "-c", "from field_client.cli import main; main()", "run"]


def start(data, tmp_path, *arguments):
    """Start it as the start file does, with a browser that writes down what it was asked to open."""
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> "{tmp_path}/opened"\n')
    browser.chmod(0o755)
    environment = {**os.environ, "DOI178_START": "icon", "BROWSER": f"{browser} %s", "TMPDIR": str(tmp_path)}
    command = [*RUN, "--data", str(data), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    opened = (tmp_path / "opened").read_text().split() if (tmp_path / "opened").exists() else []
    return done, [Path(link.removeprefix("file://")).read_text(encoding="utf-8") for link in opened]


def test_a_port_that_is_taken_is_said_in_the_browser_too(tmp_path, blank):
    with socket.create_server(("127.0.0.1", 0)) as other:
        done, pages = start(blank.settings.data, tmp_path, "--port", str(other.getsockname()[1]))

    assert done.returncode == 1
    assert "chọn cổng khác" in done.stderr
    assert [("chọn cổng khác" in page, "<h1>" in page) for page in pages] == [(True, True)]


def test_data_of_a_newer_program_is_said_in_the_browser_too(tmp_path, blank):
    db = open_store(blank.settings.database)
    db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('field', 'm999_later', '')")
    db.close()

    done, pages = start(blank.settings.data, tmp_path)

    assert done.returncode == 1
    assert ["cài bản mới" in page for page in pages] == [True]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_said_in_the_browser_too(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)

    done, pages = start(closed / "data", tmp_path)

    assert done.returncode == 1
    assert ["--data" in page for page in pages] == [True]


def test_a_folder_that_is_a_file_is_said_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")

    done, pages = start(tmp_path / "file" / "data", tmp_path)

    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert len(pages) == 1


def test_a_sentence_is_text_and_never_markup():
    opened = []

    page = show("Thư mục <script>alert(1)</script>", opened.append)

    assert opened == [page.as_uri()]
    assert "<script>" not in page.read_text(encoding="utf-8")
    page.unlink()


def test_only_the_start_file_says_that_nobody_sees_a_command_line():
    assert from_an_icon({"DOI178_START": "icon"})
    assert not from_an_icon({})
