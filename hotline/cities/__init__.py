"""A city is a folder of data: what is in it, and how it is read."""
