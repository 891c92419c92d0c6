"""Programs for those who work on the project; each runs on its own."""
