"""The law's answer on repeat violations: what decisions say, by which rule, and whose they are."""
