"""Forms that both ends have: what they show, what is typed into them, and what that makes of a thing."""
