"""procrastinate's application with the periodic task that its guide gives for jobs whose worker died.

The guide lets it run every ten minutes; here it runs every ten seconds, in its favour.
"""

from __future__ import annotations

import os

from procrastinate import App, JobContext, PsycopgConnector

from bench.chaos import plain

app = App(connector=PsycopgConnector(conninfo=os.environ.get("DATABASE_URL", "")))
work = app.task(name="work")(plain.work)


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Put back what is held by workers that have not beaten for 30 s."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)
