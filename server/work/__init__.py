"""The work of a year: what the plans order, inspection of the communes' own work, the yearly review of the register."""
