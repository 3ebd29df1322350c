"""Spreadsheets that become office changes: units, establishments and past inspections, row by row."""
