"""The figures of a return: the table of the register's own numbers for an area and days, with the year before."""

from server.returns.figures.counting import figures

__all__ = ["figures"]
