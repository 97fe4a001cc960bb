"""Scripted recordings: what is said and done in them is known, so what the product makes of them can be counted."""
