"""Histories of establishments and operators: a search that forgives, behind a purpose, kept in a log."""
