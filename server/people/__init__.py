"""Who works at the office: users, sign-in, and what each role may do."""
