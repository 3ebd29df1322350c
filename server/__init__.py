"""What is known: the door for laptops, the register, the share inspected, people and returns."""
