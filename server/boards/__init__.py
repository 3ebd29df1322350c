"""The board of the steering committee: each indicator of a plan, by unit, and where two plans differ."""
