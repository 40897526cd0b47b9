"""Files people hand in: what they really are, photos without their data, safe downloads."""
