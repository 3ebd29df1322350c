"""A text as a QR: one path of SVG that stands in the page, so that no picture is fetched or kept."""

import qrcode
from markupsafe import Markup

QUIET = 4  # modules of white around it, as readers need


def svg(text: str, title: str) -> Markup:
    """Draw *text*; *title* is what a screen reader says."""
    code = qrcode.QRCode(border=QUIET, error_correction=qrcode.constants.ERROR_CORRECT_L)
    code.add_data(text)
    rows = code.get_matrix()
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, black in enumerate(row) if black)
    return Markup(
        '<svg class="qr" role="img" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"'
        ' shape-rendering="crispEdges"><title>{title}</title>'
        '<rect width="{size}" height="{size}" fill="#fff"/><path d="{dark}" fill="#000"/></svg>'
    ).format(size=len(rows), title=title, dark=dark)
