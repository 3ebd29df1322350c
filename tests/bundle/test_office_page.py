"""The stick at the office's page: a laptop's bundle goes in, the return is handed out; each within an area."""

import io
import re

import pytest

from server.app import create_app
from server.people.users import add_user
from tests.bundle.conftest import agree
from tests.conftest import AT, ELSEWHERE
from tests.markup import faults

PATH = "/may-tinh/goi-du-lieu"
PASSWORD = "mot mat khau dai"


@pytest.fixture
def sign_in(central):
    """Return a function that signs somebody in at the server."""
    def build(role="coordinator", unit="new:38"):
        name = f"{role} {unit}"
        account = {"role": role, "unit": unit, "password": PASSWORD, "also": {"demo": True}}
        add_user(central.db, name, author="test", at=AT, **account)
        client = create_app(central.settings).test_client()
        client.post("/dang-nhap", data={"csrf_token": token(client, "/dang-nhap"), "name": name, "password": PASSWORD})
        return client

    return build


def token(client, path=PATH):
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)[1]


def hands_in(client, part, path=PATH):
    data = {"csrf_token": token(client), "bundle": (io.BytesIO(part), "gói.d178")}
    return client.post(path, data=data, content_type="multipart/form-data")


def test_a_bundle_goes_in_and_its_return_is_handed_out(laptop, sign_in):
    laptop.records(laptop.place, 3)

    answer = hands_in(sign_in(), laptop.writes().only)
    laptop.takes(answer.data)

    assert answer.headers["Content-Disposition"].startswith("attachment; filename=doi178-tra-ve-may-thu-")
    assert laptop.waiting() == 0
    agree(laptop)


def test_data_for_a_laptop_that_brought_nothing(laptop, sign_in):
    client = sign_in()
    laptop.central.place()

    answer = client.post(f"{PATH}/xuat", data={"csrf_token": token(client), "device": laptop.device})
    laptop.takes(answer.data)

    agree(laptop)


def test_a_laptop_of_another_area_is_refused_and_nothing_is_taken(laptop, sign_in):
    laptop.records(laptop.place)
    client = sign_in(unit=ELSEWHERE)

    answer = hands_in(client, laptop.writes().only)
    out = client.post(f"{PATH}/xuat", data={"csrf_token": token(client), "device": laptop.device})

    assert answer.status_code == 422
    assert "ngoài địa bàn của tài khoản này" in answer.text
    assert laptop.central.one("SELECT count(*) FROM items WHERE kind = 'inspection'") == 0
    assert out.status_code == 422
    assert "Máy thử" not in client.get(PATH).text


@pytest.mark.parametrize("role", ["team", "police", "auditor"])
def test_other_roles_neither_hand_in_nor_write_out(laptop, sign_in, role):
    client = sign_in(role)
    data = {"csrf_token": token(client, "/"), "bundle": (io.BytesIO(laptop.writes().only), "gói.d178")}

    assert client.post(PATH, data=data).status_code == 403
    form = {"csrf_token": data["csrf_token"], "device": laptop.device}
    assert client.post(f"{PATH}/xuat", data=form).status_code == 403


def test_what_is_wrong_stands_at_its_field_and_can_be_listened_to(laptop, sign_in):
    client = sign_in()

    wrong = hands_in(client, b"a letter")
    nothing = client.post(PATH, data={"csrf_token": token(client)})
    nobody = client.post(f"{PATH}/xuat", data={"csrf_token": token(client), "device": "x"})

    assert [answer.status_code for answer in (wrong, nothing, nobody)] == [422] * 3
    assert "không phải gói dữ liệu USB" in wrong.text
    assert "Chọn gói của máy trên USB." in nothing.text
    assert all(faults(answer.text) == [] for answer in (wrong, nothing, nobody))


def test_a_bundle_may_be_longer_than_other_requests(laptop, sign_in):
    client = sign_in()

    long = hands_in(client, b"age-encryption.org/v1\n" + bytes(17_000_000))
    elsewhere = hands_in(client, bytes(17_000_000), "/dang-xuat")

    assert long.status_code == 422
    assert elsewhere.status_code == 413
