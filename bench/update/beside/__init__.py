"""An app that both releases have: jobs that note what they do, and a process that asks for them.

It is found through PYTHONPATH, so that the old release's code runs it as well; it uses only what both have.
"""
