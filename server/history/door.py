"""The one blueprint of all pages of histories, so that the menu knows that they belong together."""

from flask import Blueprint

bp = Blueprint("history", __name__)
