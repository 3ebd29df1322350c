"""What is due when, from whom to whom, what was sent, and what is missing for it."""
