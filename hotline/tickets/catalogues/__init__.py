"""The dispatch catalogue (派单目录) in versions: drafted, proved by its examples, previewed, published."""
