"""Indicators of a plan: what our own records know, what units enter and send up, and where each one stands."""
