"""The legal catalogues and administrative units as files, described in docs/catalogues.md."""
