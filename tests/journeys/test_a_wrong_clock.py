"""A laptop whose clock says 2010, or 2062, as a real program: it works, is told, and is asked for the date again."""

import json
import time
from contextlib import contextmanager
from http.cookiejar import CookieJar
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from server.arrivals.verify import verify
from server.clock import local_day, now

pytestmark = pytest.mark.timeout(300)
YEAR = 31_557_600


@pytest.mark.parametrize(("years", "words"), [(-16, "chậm 16 năm"), (36, "nhanh 36 năm")])
def test_a_laptop_with_a_wrong_clock_works_and_is_told(server_end, new_laptop, monkeypatch, years, words):
    monkeypatch.setenv("DOI178_SHIFT_CLOCK", str(years * YEAR))
    place, central = server_end.central.place(), server_end.central
    laptop = new_laptop()
    form = laptop.call("record", "--template", place)

    refused = laptop.call("record", "-", text=form, fails=True)
    kept = json.loads(laptop.call("record", "-", "--confirm-date", "--json", text=form))
    laptop.call("sync")

    assert json.loads(form)["date"] == local_day(now()).isoformat()
    assert f"Đồng hồ máy này {words} so với máy chủ" in refused
    assert "--confirm-date" in refused
    status = laptop.status()
    assert [receipt["standing"] for receipt in status["receipts"]] == ["accepted"]
    assert round(status["clock_offset_s"] / YEAR) == years
    assert status["server_time"][:4] == status["last_contact"][:4] == str(now().year)
    assert status["lease_until"] > local_day(now()).isoformat()
    assert round(central.one("SELECT clock_offset_s FROM contacts WHERE device = ?", laptop.device) / YEAR) == years
    assert central.one("SELECT date FROM visits WHERE id = ?", kept["id"]) == local_day(now()).isoformat()
    assert verify(central.db).problems == ()


def test_the_program_with_a_wrong_clock_sends_by_itself_and_shows_what_is_wrong(server_end, new_laptop, monkeypatch):
    monkeypatch.setenv("DOI178_SHIFT_CLOCK", str(36 * YEAR))
    place = server_end.central.place()
    laptop = new_laptop()
    form = laptop.call("record", "--template", place)
    laptop.call("record", "-", "--confirm-date", text=form)

    with opened(laptop) as page:
        said = page("")
        for _ in range(300):
            if not laptop.status()["waiting"]:
                break
            time.sleep(0.1)

    assert "Đồng hồ máy này nhanh 36 năm so với máy chủ; chỉnh lại ngày giờ của máy." in said
    assert laptop.status()["waiting"] == 0


@contextmanager
def opened(laptop):
    """Run the program, and give what opens its pages."""
    process = laptop.starts("run", "--no-browser", "--port", "0")
    file = laptop.data / "run.json"
    try:
        for _ in range(300):
            if file.exists() and file.stat().st_size:
                break
            time.sleep(0.1)
        link = json.loads(file.read_text())["link"]
        browser = build_opener(HTTPCookieProcessor(CookieJar()))
        browser.open(link, timeout=30)
        yield lambda path: browser.open(f"{link.partition('/mo/')[0]}/{path}", timeout=30).read().decode()
    finally:
        process.terminate()
        process.wait(30)
