"""The catalogue of acts at the office: rows and groups with their versions, and violations that have no code yet."""
