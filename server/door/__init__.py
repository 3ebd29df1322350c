"""The door for laptops: enrolment, batches up, pages down."""
