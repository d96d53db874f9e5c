"""The files of a new city, drafted from the official divisions and the demo city's profile."""
