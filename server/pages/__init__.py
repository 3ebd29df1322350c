"""The pages of the office that show what is known: today, and the share inspected."""
