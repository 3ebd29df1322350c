"""Photos and scans: how they come in after their record (tus 1.0), where they lie, who may look at them."""
