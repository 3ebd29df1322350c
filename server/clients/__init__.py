"""The laptops' program as the server hands it out: the newest release for each kind of machine, signed."""
