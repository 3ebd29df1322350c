"""Users and their sign-in."""

import re

import pytest

from server.app import create_app
from server.clock import now
from server.people.users import BadUser, add_user, set_password, sign_in

PASSWORD = "mật khẩu đủ dài"


def add(central, name="hạnh", **changes):
    given = {"role": "coordinator", "unit": "new:38", "password": PASSWORD, **changes}
    return add_user(central.db, name, author="test", at=now(), **given)


def test_who_has_the_name_and_the_password_signs_in(central):
    id = add(central)

    assert sign_in(central.db, "hạnh", PASSWORD).id == id
    assert sign_in(central.db, "hạnh", "sai mật khẩu") is None
    assert sign_in(central.db, "không ai", PASSWORD) is None


def post(client, address, name, password):
    """Fill in the form that the page shows."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/dang-nhap").text)[1]
    return client.post(address, data={"csrf_token": token, "name": name, "password": password})


@pytest.mark.parametrize("changes", [{"password": "ngắn"}, {"role": "king"}])
def test_a_user_that_cannot_be_is_one_sentence(central, changes):
    with pytest.raises(BadUser) as caught:
        add(central, **changes)

    assert str(caught.value).endswith((".", "admin."))


def test_a_name_is_used_once(central):
    add(central)

    with pytest.raises(BadUser, match="chọn tên khác"):
        add(central)


def test_a_disabled_user_does_not_sign_in(central):
    id = add(central)
    central.edit("user", id, {"disabled": True})

    assert sign_in(central.db, "hạnh", PASSWORD) is None


def test_no_password_stands_in_any_item(central):
    add(central)

    assert not central.one("SELECT 1 FROM items WHERE instr(line, ?)", PASSWORD.encode())
    assert central.one("SELECT hash FROM passwords").startswith("scrypt:")


def test_a_changed_password_ends_the_session(central):
    id = add(central)
    client = create_app(central.settings).test_client()
    post(client, "/dang-nhap", "hạnh", PASSWORD)
    assert client.get("/").status_code == 200

    set_password(central.db, id, "một mật khẩu khác")

    assert client.get("/").status_code == 302


def test_after_signing_in_one_goes_on_only_to_our_own_pages(central):
    add(central)
    client = create_app(central.settings).test_client()
    onward = ("https://example.org/", "//example.org/", "/ty-le-kiem-tra?nam=2026")

    answers = [post(client, f"/dang-nhap?next={address}", "hạnh", PASSWORD) for address in onward]

    assert [answer.headers["Location"] for answer in answers] == ["/", "/", "/ty-le-kiem-tra?nam=2026"]


def test_a_form_without_its_token_changes_nothing(central):
    add(central)
    client = create_app(central.settings).test_client()

    assert client.post("/dang-nhap", data={"name": "hạnh", "password": PASSWORD}).status_code == 400
