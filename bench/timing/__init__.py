"""A Django app for the pipeline benchmark: notes how long providers and media tools work, in the real workers."""
