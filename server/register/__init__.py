"""The register at the office: its list, each place with its history, what needs a look, lists that communes confirm."""
