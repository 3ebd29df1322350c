"""The pages a team sees on the laptop, one module for each thing a person does."""
