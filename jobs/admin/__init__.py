"""The operators' desk, in Django's admin."""

from jobs.admin import job, limit, schedule

__all__ = ["job", "limit", "schedule"]
