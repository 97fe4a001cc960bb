"""Resident workers let the server plan their statements: it must know the type of each parameter."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from psycopg.pq import ExecStatus

from jobs import claim, prepared, sql
from tests.jobs.conftest import Make

NAMES = sorted(path.stem for path in Path(sql.__file__).parent.glob("*.sql"))


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_the_server_can_prepare_the_statement(name: str) -> None:
    with psycopg.connect(**connection.get_connection_params()) as raw:
        text, _names = prepared.numbered(sql.load(name).replace("{only}", "").replace("{columns}", "j.*"))
        result = raw.pgconn.prepare(b"", text.encode())
        assert result.status == ExecStatus.COMMAND_OK, result.error_message.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("hours", [0, 1], ids=["of one company", "of many companies and for later"])
@pytest.mark.parametrize("planned", ["while nothing waited", "while much waited", "while much waited, as is known"])
def test_a_claim_reads_little_of_a_long_queue_whenever_it_was_planned(
    handle: Callable[..., None], enqueue: Make, monkeypatch: pytest.MonkeyPatch, hours: int, planned: str
) -> None:
    monkeypatch.setattr(prepared, "_resident", True)
    handle("fine", lambda _: {})
    connection.close()
    for _ in range(6):
        assert claim.take(uuid.uuid4(), "test", claim.Wanted()) is None
    one = enqueue("fine")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO background_jobs (id, user_id, company_id, job_type)"
            " SELECT gen_random_uuid(), %s, %s, 'fine' FROM generate_series(1, 3000)",
            [one.user_id, one.company_id],
        )
        cursor.execute(
            "INSERT INTO job_queue (job_id, company_id, job_type, run_at, later)"
            " SELECT id, CASE WHEN %s > 0 THEN gen_random_uuid() ELSE company_id END, job_type,"
            " now() + make_interval(hours => %s), %s > 0 FROM background_jobs WHERE id <> %s",
            [hours, hours, hours, one.pk],
        )
        if "known" in planned:
            cursor.execute("ANALYZE job_queue")
    if "much" in planned:
        connection.close()
    with transaction.atomic(), connection.cursor() as cursor:
        assert claim.take(uuid.uuid4(), "test", claim.Wanted())
        cursor.execute("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'job_queue'")
        assert cursor.fetchone()[0] < 100
    connection.close()
