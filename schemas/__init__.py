"""The shape of every record, and the legal catalogues as data. Imports nothing of ours."""
