"""The card for the laptop's bag: one sheet to print and fold, with keys, states and what to do in trouble."""

from flask import Blueprint, render_template

from field_client.pages.access import OPENED, knock

bp = Blueprint("bag_card", __name__)


@bp.get("/the-mang-theo")
@knock(OPENED)
def page() -> str:
    """Show the card as it is printed; names of the team and the laptop stand on it where they are known."""
    return render_template("bag_card.html")
