"""The 12345 hotline: it remembers, decides, acts and shows."""
