from jobs.models.alert import Alert, AlertNotice
from jobs.models.answer import KeptAnswer
from jobs.models.attempt import JobAttempt
from jobs.models.hour import JobHour
from jobs.models.job import BackgroundJob
from jobs.models.limit import JobLimit
from jobs.models.queue import JobQueue
from jobs.models.step import JobStep
from jobs.models.worker import Worker

__all__ = [
    "Alert",
    "AlertNotice",
    "BackgroundJob",
    "JobAttempt",
    "JobHour",
    "JobLimit",
    "JobQueue",
    "JobStep",
    "KeptAnswer",
    "Worker",
]
