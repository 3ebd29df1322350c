"""The square on paper: 25 mm with its white border, printed at 300 and at 150 dots an inch, still reads."""

import pytest
import qrcode
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image, ImageFilter

from schemas.minutes_code import Minutes, link, parse, sign

decode = pytest.importorskip("pyzbar.pyzbar", reason="zbar is missing", exc_type=ImportError).decode
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SAID = Minutes(
    "018f0000-0000-7000-8000-0000000000c1", 2, "2026-11-05", "7f" * 32, "018f0000-0000-7000-8000-00000000d001"
)
CODE = sign(SAID, KEY.sign)
BARE = CODE.text()
LINK = link(CODE, "https://kiemtra.thanhhoa.gov.vn")


def printed(text, dpi):
    """Return a white page with the square on it, 25 mm wide with four modules of white around it."""
    made = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_Q, box_size=20)
    made.add_data(text)
    made.make(fit=True)
    side = round(25 / 25.4 * dpi)
    square = made.make_image().get_image().convert("L").resize((side, side), Image.Resampling.LANCZOS)
    page = Image.new("L", (side * 3, side * 2), 255)
    page.paste(square, (side // 2 + 7, side // 3 + 5))
    return made, page


@pytest.mark.parametrize("dpi", [300, 150])
@pytest.mark.parametrize("text", [BARE, LINK], ids=["bare", "link"])
def test_it_reads_as_it_was_printed(text, dpi):
    _, page = printed(text, dpi)

    assert [parse(found.data.decode()) for found in decode(page)] == [CODE]


@pytest.mark.parametrize("text", [BARE, LINK], ids=["bare", "link"])
def test_it_reads_from_a_blurred_copy_with_a_stain(text):
    _, page = printed(text, 300)
    side = round(25 / 25.4 * 300)
    stain = Image.new("L", (side // 8, side // 8), 90)
    page.paste(stain, (side // 2 + side // 2, side // 3 + side // 2))

    assert [parse(found.data.decode()) for found in decode(page.filter(ImageFilter.GaussianBlur(1)))] == [CODE]


def test_the_squares_stay_small_enough_for_25_millimetres():
    assert {text[:5]: printed(text, 300)[0].version for text in (BARE, LINK)} == {"D178:": 10, "HTTPS": 11}
