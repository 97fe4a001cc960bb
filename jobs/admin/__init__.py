"""The operators' desk, in Django's admin."""

from jobs.admin import job, schedule

__all__ = ["job", "schedule"]
