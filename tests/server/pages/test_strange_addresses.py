"""Words in an address that no page asks for: they change nothing, and no page falls over them."""

import re

import pytest

from server.clock import local_day, now

STRANGE = "ending=x&id=x&name=x&code=x&endpoint=x&_method=x&_anchor=x&_external=1&_scheme=x&trang=-1&tim=%00&values=x"


def form(client, path, page="", **given):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page or path).text)[1]
    return client.post(path, data={"csrf_token": token, **given})


def open_pages(app):
    """Return the address of every page that needs no id."""
    rules = app.url_map.iter_rules()
    return sorted({rule.rule for rule in rules if "GET" in rule.methods and not rule.arguments})


@pytest.mark.parametrize("role", ["team", "coordinator", "police", "legal", "clerk", "auditor", "admin"])
def test_no_page_falls_over_words_in_its_address(office, role):
    for n in range(60):
        office.team_of(name=f"Đội {n}")
    app = office.app()
    client = office.client(role=role, app=app)
    for path in open_pages(app):
        answer = client.get(f"{path}?{STRANGE}")
        assert answer.status_code < 500, (path, answer.text[-400:])


def test_what_is_written_about_a_visit_returns_to_it_whatever_stands_in_the_address(office):
    place = office.place()
    office.visit(place)
    client = office.client()
    id = office.db.conn.execute("SELECT id FROM visits").fetchone()[0]
    path = f"/cuoc-kiem-tra/{id}"

    answer = form(client, f"{path}/y-kien?{STRANGE}&duyet=1&co-vi-pham=1", path, word="Xem lại biên bản.")

    assert answer.status_code == 303
    assert answer.location == f"/cuoc-kiem-tra/{id}?co-vi-pham=1&duyet=1#y-kien"


@pytest.mark.parametrize("number", ["²", "١٢", "0001" + "9" * 5000, "001000", "-1"])
def test_a_number_that_is_none_is_said_at_its_field(office, number):
    client = office.client(area="new:38")
    plan, list_ = "/ke-hoach/them", "/phan-cong/de-xuat"

    made = form(client, plan, ten="KH", **{"don-vi": "new:38", "tu-ngay": "01/01/2026", "den-ngay": "31/12/2026",
                                           "nam": "2026", "phan-tram": number, "ca-ky": number})  # fmt: skip
    drawn = form(client, list_, **{"don-vi": "new:38", "nam": str(local_day(now()).year), "chi-tieu": number})

    assert (made.status_code, drawn.status_code) == (303 if number == "١٢" else 422, 422)


def test_the_first_and_the_last_day_of_the_calendar_can_be_asked_about(office):
    operator = office.enter("operator", {"name": "Hộ bà Hạnh", "form": "household"})[0]
    office.place(**{"operator/1": {"from": "2019-01-01", "operator": operator}})
    client = office.client()
    for day in ("1/1/0001", "31/12/9999", "1/2/9999"):
        answer = client.get(f"/tai-pham?chu-co-so={operator}&ma=ND38-15.5b&ngay={day}")
        assert answer.status_code == 200, day
