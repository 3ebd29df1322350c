"""What a password must be, and which sentence says so."""

import pytest

from server.people.passwords import COMMON, BadPassword, check_rules, hashed, is_right


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("123456789", "ngắn quá"),
        ("x" * 201, "dài quá 200"),
        ("Hanh Trieu Son 2026", "tên đăng nhập"),
        ("hạnh triệu sơn", "tên đăng nhập"),
        ("MatKhau12345", "dễ đoán"),
        ("mật khẩu 123", "dễ đoán"),
        ("aaaaaaaaaaaa", "dễ đoán"),
        ("abababababab", "dễ đoán"),
    ],
)
def test_a_password_that_is_refused_says_which_rule_it_breaks(password, said):
    with pytest.raises(BadPassword, match=said):
        check_rules(password, "hanh.trieuson" if said != "tên đăng nhập" else "hanhtrieuson")


@pytest.mark.parametrize("password", ["mot mat khau dai", "bốn từ không liên quan", "doi178-demo", "a1b2c3d4e5"])
def test_a_password_that_keeps_the_rules_is_taken(password):
    check_rules(password, "hanh")


def test_a_short_name_is_no_reason_to_refuse_a_password():
    check_rules("mot mat khau an toan", "an")


def test_the_common_ones_would_pass_the_other_rules():
    assert all(len(word) >= 10 for word in COMMON)


def test_only_the_right_one_is_right_and_nobody_has_the_one_of_nobody():
    kept = hashed("mot mat khau dai")

    assert is_right(kept, "mot mat khau dai")
    assert not is_right(kept, "mot mat khau")
    assert not is_right(None, "nobody has this password")
