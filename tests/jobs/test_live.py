"""The live page's WebSocket, through a real server on a real port. Commits for real: NOTIFY needs it."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest
import uvicorn
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from jobs import consumers, limits, listener, queue, sight
from jobs.models import JobLimit
from jobs.sight import Holder
from jobs.testing import run_due_jobs
from tests.jobs.conftest import Make
from trainai.accounts.models import Company, Membership, User

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., ClientConnection]


@pytest.fixture
def port(transactional_db: None) -> Iterator[int]:
    """A server of ours on a free port."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config("trainai.asgi:application", lifespan="off", log_level="warning", timeout_graceful_shutdown=5)
    )
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join()
    with connection.cursor() as cursor:  # its threads keep their connections for the next request
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


@pytest.fixture
def look(port: int) -> Iterator[Open]:
    """Open the socket as somebody: `look(alice, "?training=...")`."""
    opened = ExitStack()

    def open_socket(user: User | None, query: str = "", origin: str | None = None) -> ClientConnection:
        headers = {}
        if user:
            client = Client()
            client.force_login(user)
            headers["Cookie"] = f"sessionid={client.cookies['sessionid'].value}"
        url = f"ws://127.0.0.1:{port}/ws/jobs/{query}"
        site = Origin(origin) if origin else None
        return opened.enter_context(connect(url, additional_headers=headers, origin=site, proxy=None, open_timeout=60))

    with opened:
        yield open_socket


def heard(page: ClientConnection) -> Any:
    return json.loads(page.recv(timeout=60))


def double(context: Any) -> dict[str, Any]:
    return {"doubled": context.input["number"] * 2}


def test_a_page_gets_a_snapshot_and_then_every_change(handle: Any, enqueue: Make, look: Open, bob: User) -> None:
    handle("double", double, label="Doubling")
    job = enqueue("double", input_data={"number": 1})
    page = look(bob)
    first = heard(page)
    assert first["type"] == "snapshot"
    assert [(one["id"], one["label"], one["waits_for"]) for one in first["jobs"]] == [
        (str(job.id), "Doubling", "waits for its turn")
    ]
    run_due_jobs()
    versions = [first["jobs"][0]["version"]]
    last: dict[str, Any] = {}
    while last.get("status") != "completed":
        message = heard(page)
        assert message["type"] == "job"
        last = message["job"]
        versions.append(last["version"])
    assert versions == sorted(set(versions))
    assert last["progress_percentage"] == 100


def test_a_strangers_jobs_never_arrive(handle: Any, enqueue: Make, look: Open, alice: User, charlie: User) -> None:
    handle("double", double)
    page = look(charlie)
    assert heard(page) == {"type": "snapshot", "jobs": []}
    enqueue("double")
    assert charlie.company
    own = queue.enqueue("double", user=charlie, company=charlie.company)
    assert heard(page)["job"]["id"] == str(own.id)


def test_the_desk_hears_of_every_company(handle: Any, enqueue: Make, look: Open, charlie: User) -> None:
    handle("double", double)
    page = look(User.objects.create_superuser("operator@example.com", "a long enough password"), "?desk=1")
    assert heard(page) == {"type": "snapshot", "jobs": []}
    job = enqueue("double")
    assert heard(page)["job"]["id"] == str(job.id)
    assert charlie.company
    other = queue.enqueue("double", user=charlie, company=charlie.company)
    assert heard(page)["job"]["id"] == str(other.id)


def test_a_pause_and_its_end_reach_the_pages_of_those_who_wait(
    handle: Any, enqueue: Make, look: Open, bob: User, charlie: User
) -> None:
    handle("dig", double, label="Digging")
    enqueue("dig")
    page, desk = (
        look(bob),
        look(User.objects.create_superuser("operator@example.com", "a long enough password"), "?desk=1"),
    )

    def reasons() -> set[str]:
        return {job["waits_for"] for one in (page, desk) for job in heard(one)["jobs"]}

    assert reasons() == {"waits for its turn"}
    limits.pause(company=bob.company, why="unpaid")
    assert reasons() == {"paused: unpaid"}
    limits.pause(company=charlie.company, why="not for bob")
    assert heard(desk)["type"] == "snapshot"
    limits.resume(company=bob.company)
    assert reasons() == {"waits for its turn"}
    limits.pause(job_type="dig", why="frozen")
    assert reasons() == {"paused: frozen"}
    JobLimit.objects.all().delete()
    assert reasons() == {"waits for its turn"}


def test_each_page_is_told_in_its_readers_language(
    handle: Any, enqueue: Make, look: Open, alice: User, bob: User
) -> None:
    handle("fail", lambda context: 1 / 0, label="Listening", max_retries=0)
    User.objects.filter(pk=bob.pk).update(language="de")
    bob.refresh_from_db()
    pages = {"Listening": look(alice), "Zuhören": look(bob)}
    for page in pages.values():
        assert heard(page)["jobs"] == []
    before = enqueue("fail")
    enqueue("fail", depends_on=before)
    told: dict[str, set[str]] = {}
    for label, page in pages.items():
        news = [heard(page)["job"] for _ in range(2)]
        assert {job["label"] for job in news} == {label}
        told[label] = {job["waits_for"] for job in news}
    assert told == {
        "Listening": {"waits for its turn", "waits for “Listening”"},
        "Zuhören": {"wartet, bis es an der Reihe ist", "wartet auf „Zuhören“"},
    }


def test_the_desk_is_for_operators_alone(look: Open, alice: User) -> None:
    helper = User.objects.create_user("helper@example.com", "a long enough password", is_staff=True)
    for person in (alice, helper):
        with pytest.raises(InvalidStatus, match="403"):
            look(person, "?desk=1")


def test_who_is_not_logged_in_is_refused_and_told_why_over_http(look: Open, port: int, bob: User) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        look(None)
    client = Client()
    assert client.get("/ws/jobs/").status_code == 401
    client.force_login(bob)
    assert [client.get(f"/ws/jobs/{query}").status_code for query in ("", "?desk=1")] == [204, 401]


def test_a_page_of_another_site_is_refused(look: Open, alice: User) -> None:
    with pytest.raises(InvalidStatus):
        look(alice, origin="https://elsewhere.example")


def test_a_page_of_our_own_is_let_in(look: Open, alice: User, port: int) -> None:
    assert heard(look(alice, origin=f"http://127.0.0.1:{port}"))["type"] == "snapshot"


def test_a_training_that_is_no_id_is_refused(look: Open, alice: User) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        look(alice, "?training=1")


def test_a_page_is_right_again_after_the_database_cut_the_listener(
    handle: Any, enqueue: Make, look: Open, alice: User
) -> None:
    handle("double", double)
    page = look(alice)
    heard(page)
    with psycopg.connect(**_address(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN job_event%%'")
        job = enqueue("double")
    message = heard(page)
    assert message["type"] == "snapshot"
    told = message["jobs"] or [heard(page)["job"]]  # the listener may be back before the job exists
    assert [one["id"] for one in told] == [str(job.id)]


def test_what_changed_together_is_told_together_to_pages_that_understand_it(
    handle: Any, enqueue: Make, look: Open, alice: User, bob: User
) -> None:
    handle("double", double)
    before, now = look(alice), look(bob, "?many=1")
    heard(before), heard(now)
    with transaction.atomic():  # heard of in one moment, when it is committed
        jobs = {str(enqueue("double").pk) for _ in range(20)}
    assert {heard(before)["job"]["id"] for _ in jobs} == jobs
    messages = [heard(now)]
    told = _jobs(messages[0])
    while set(told) < jobs:
        messages.append(heard(now))
        told += _jobs(messages[-1])
    assert sorted(told) == sorted(jobs)
    assert len(messages) < len(jobs)


def _jobs(message: Any) -> list[str]:
    return [job["id"] for job in message.get("jobs") or [message["job"]]]


def test_two_open_pages_agree(handle: Any, enqueue: Make, look: Open, alice: User, bob: User) -> None:
    handle("double", double)
    pages = [look(alice), look(bob)]
    for page in pages:
        heard(page)
    enqueue("double", input_data={"number": 1})
    assert heard(pages[0]) == heard(pages[1])


def _address() -> dict[str, Any]:
    known = connection.get_connection_params()
    return {key: known[key] for key in ("dbname", "user", "password", "host", "port") if key in known}


def log_out(alice: User) -> None:
    Session.objects.all().delete()


def grow_too_old(alice: User) -> None:
    Session.objects.update(expire_date=timezone.now())


def change_the_password(alice: User) -> None:
    alice.set_password("another long password")
    alice.save()


def leave_the_company(alice: User) -> None:
    alice.memberships.all().delete()


def join_another_company(alice: User) -> None:
    Membership.objects.create(user=alice, company=Company.objects.create(name="Second"))


def be_shut_out(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)


@pytest.mark.parametrize(
    "end", [log_out, grow_too_old, change_the_password, leave_the_company, join_another_company, be_shut_out]
)
def test_a_page_whose_right_has_ended_hears_nothing_more_and_others_go_on(
    alice: User, bob: User, look: Open, monkeypatch: pytest.MonkeyPatch, end: Callable[[User], None], handle: Any
) -> None:
    handle("double", double)
    assert listener.CHECK_SECONDS <= 4  # an open page is closed within five
    monkeypatch.setattr(listener, "CHECK_SECONDS", 0.05)
    line, colleagues = look(alice), look(bob)
    heard(line), heard(colleagues)
    end(alice)
    with pytest.raises(ConnectionClosed) as closed:
        line.recv(60)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == consumers.NOT_LOGGED_IN
    if end not in (log_out, grow_too_old):
        assert bob.company
        job = queue.enqueue("double", user=bob, company=bob.company)
        assert heard(colleagues)["job"]["id"] == str(job.id)


def test_who_may_do_other_things_now_has_the_page_drawn_anew(
    bob: User, look: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "CHECK_SECONDS", 0.05)
    line = look(bob)
    assert heard(line)["type"] == "snapshot"
    Membership.objects.filter(user=bob).update(role=Membership.Role.VIEWER)
    assert heard(line)["type"] == "snapshot"


def test_an_operator_whose_right_to_the_desk_is_taken_hears_nothing_more(
    look: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "CHECK_SECONDS", 0.05)
    helper = User.objects.create_user("helper@example.com", "a long enough password", is_staff=True)
    helper.user_permissions.add(Permission.objects.get(codename="view_backgroundjob"))
    line = look(helper, "?desk=1")
    assert heard(line)["type"] == "snapshot"
    helper.user_permissions.clear()
    with pytest.raises(ConnectionClosed):
        line.recv(60)


def test_all_open_pages_together_cost_two_questions(
    alice: User, bob: User, charlie: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    holders = []
    for person in (alice, bob, charlie):
        client = Client()
        client.force_login(person)
        holders.append(Holder(client.cookies["sessionid"].value, person.pk, person.password, desk=False))
    with django_assert_num_queries(2):
        seen = sight.of_all(holders)
    assert [seen[holder].companies for holder in holders] == [{person.company.id} for person in (alice, bob, charlie)]  # type: ignore[union-attr]


def test_a_page_that_talks_is_sent_away(alice: User, look: Open) -> None:
    line = look(alice)
    heard(line)
    for _ in range(consumers.MOST_FRAMES + 1):
        line.send("hello")
    with pytest.raises(ConnectionClosed) as closed:
        line.recv(60)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == consumers.TOO_MUCH_TALK
