"""Users and their sign-in."""

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
    client.application.config["WTF_CSRF_ENABLED"] = False
    client.post("/dang-nhap", data={"name": "hạnh", "password": PASSWORD})
    assert client.get("/").status_code == 200

    set_password(central.db, id, "một mật khẩu khác")

    assert client.get("/").status_code == 302


def test_after_signing_in_one_goes_on_only_to_our_own_pages(central):
    add(central)
    client = create_app(central.settings).test_client()
    client.application.config["WTF_CSRF_ENABLED"] = False
    given = {"name": "hạnh", "password": PASSWORD}

    away = client.post("/dang-nhap?next=https://example.org/", data=given)
    sly = client.post("/dang-nhap?next=//example.org/", data=given)
    ours = client.post("/dang-nhap?next=/ty-le-kiem-tra?nam=2026", data=given)

    assert [answer.headers["Location"] for answer in (away, sly, ours)] == ["/", "/", "/ty-le-kiem-tra?nam=2026"]


def test_a_form_without_its_token_changes_nothing(central):
    add(central)
    client = create_app(central.settings).test_client()

    assert client.post("/dang-nhap", data={"name": "hạnh", "password": PASSWORD}).status_code == 400


def test_guessing_a_password_is_throttled(central):
    add(central)
    client = create_app(central.settings).test_client()
    client.application.config["WTF_CSRF_ENABLED"] = False

    answers = [client.post("/dang-nhap", data={"name": "hạnh", "password": "đoán"}) for _ in range(11)]

    assert [answer.status_code for answer in answers[-2:]] == [422, 429]
