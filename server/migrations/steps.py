"""The steps, to which each module of this folder adds its own."""

from sqlite_utils import Migrations

migrations = Migrations("server")
