"""The QR code of finalised minutes: what it says, and how it is drawn."""

from dataclasses import dataclass
from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathImage
from sqlite_utils import Database

from field_client.minutes_code import code_of
from field_client.settings import Settings
from field_client.store.visits import Revision

BORDER = 4  # modules left white around it
MM = 25.0  # of the code itself; more where its modules would be too fine for an office printer
LEAST_MODULE_MM = 0.4


@dataclass(frozen=True)
class Drawn:
    """A QR code as SVG, and how wide it is printed, its white border with it."""

    svg: str
    mm: float


def qr_text(db: Database, settings: Settings, revision: Revision) -> str:
    """Return what the QR code of a finalised revision says (docs/verification.md)."""
    return code_of(db, settings, revision)


def draw(text: str) -> Drawn:
    """Draw *text* at level Q: a quarter of it may be dirty or torn."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=BORDER, image_factory=SvgPathImage)
    code.add_data(text)
    code.make(fit=True)
    drawn = BytesIO()
    code.make_image().save(drawn)
    mm = max(MM, code.modules_count * LEAST_MODULE_MM)
    return Drawn(drawn.getvalue().decode(), mm * (1 + 2 * BORDER / code.modules_count))
