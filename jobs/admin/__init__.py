"""The operators' desk, in Django's admin."""

from jobs.admin import job, limit, schedule, worker

__all__ = ["job", "limit", "schedule", "worker"]
