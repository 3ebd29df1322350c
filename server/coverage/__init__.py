"""The share inspected: how many of the places that were open have been inspected, of an area, as of a day."""
