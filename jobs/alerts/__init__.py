"""Tells operators by e-mail or webhook what needs them, each thing once, and again when it is over."""
