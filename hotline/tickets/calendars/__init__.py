"""The calendar in force: proposed by one, applied by another, and every clock follows."""
