"""Inspection teams at the office: their decision, members and cards, the laptops and people that go with them."""
