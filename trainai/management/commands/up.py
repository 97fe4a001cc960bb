"""`manage.py up`: the whole installation in one process tree."""

from __future__ import annotations

import http.client
import os
import socket
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from trainai import postgres, sample, serving, startup
from trainai.accounts import first_login
from trainai.child import Child
from trainai.supervisor import Supervisor, describe, take_signals
from trainings.checks import INSTALLATION

GIVE_UP_AFTER = 7  # failed starts of a web process that never answered


class Command(BaseCommand):
    help = "Run everything: database, web and workers, until Ctrl-C."
    requires_system_checks = [INSTALLATION]  # the others judge our code: `make check` does; a restart should be quick

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", choices=["web", "workers"], help="run one kind of process on this host")

    def handle(self, *args: Any, only: str | None = None, **options: Any) -> None:
        self.only = only
        self.ready = False
        self.began = time.monotonic()
        try:
            folder = startup.lock_folder()
            listening = startup.open_port() if self.serves else None
            self.prepare()
        except (startup.CannotStart, postgres.ServerUnavailable) as error:
            sys.exit(f"TrainAI cannot start: {error}")
        except KeyboardInterrupt:
            sys.exit("Stopped before the start was complete.")
        self.supervise(listening)
        folder.release()

    def prepare(self) -> None:
        """Bring database, files and the first login into the state that the processes need."""
        startup.prepare_folders()
        startup.prepare_database(self.say)
        if self.serves:
            startup.prepare_static_files(self.say)
            serving.remember_port()
        self.login = first_login.ensure()
        self.sample = sample.child()

    @property
    def serves(self) -> bool:
        """Whether this host has a web process."""
        return self.only != "workers"

    def supervise(self, listening: socket.socket | None) -> None:
        """Run the processes of this host until a stop signal, then end every one."""
        take_signals()
        os.chdir(settings.BASE_DIR)
        children = []
        if listening:
            self.web = web_on(listening.fileno())
            children.append(self.web)
        if self.only != "web":
            children.append(Child("workers", [sys.executable, "manage.py", "qcluster"]))
        self.supervisor = Supervisor(children, say=self.say)
        self.say(f"Starting {' and '.join(child.name for child in children)}")
        connections.close_all()
        try:
            self.supervisor.run(every_tick=self.tick, when_ended=self.sample_ended)
        finally:
            self.say("Stopping")
            self.supervisor.stop()
            self.stop_database()

    def tick(self) -> None:
        """Keep the database up; once web answers, make the sample and say where everything is."""
        if not settings.DATABASE_URL:
            postgres.acquire(settings.VAR_DIR)
        if self.ready or not self.serves:
            return
        if self.web.failures >= GIVE_UP_AFTER:
            sys.exit("TrainAI cannot start: the web process ends at once; its last lines above say why.")
        if answers(settings.PORT):
            self.ready = True
            if self.sample:
                self.say(f"Serving at {self.address}. Making the first training from the sample recording:")
                self.supervisor.children.append(self.sample)
            else:
                self.say_where()

    def sample_ended(self, child: Child, status: int) -> None:
        """Say how making the sample ended."""
        if status == 0:
            sample.remember()
        else:
            self.say(f"The sample training was not finished ({describe(status)}); its page says why.")
        self.say_where()

    def say_where(self) -> None:
        """Say the address, the login and how to stop."""
        self.say(f"Ready in {time.monotonic() - self.began:.0f} s.\n")
        self.stdout.write(f"  Open      {self.address}")
        if self.login:
            self.stdout.write(f"  E-mail    {self.login['email']}\n  Password  {self.login['password']}")
            self.stdout.write(f"            (kept in {first_login.path()})")
        self.stdout.write("  Stop      Ctrl-C\n\n")
        self.stdout.flush()

    def stop_database(self) -> None:
        """Stop the embedded server, unless another terminal still works with it."""
        connections.close_all()
        if settings.DATABASE_URL or postgres.release(settings.VAR_DIR):
            self.say("Stopped. All data is kept.")
        else:
            self.say("Stopped. PostgreSQL runs on until another TrainAI command in another terminal has finished.")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{settings.PORT}"

    def say(self, line: str) -> None:
        self.stdout.write(f"TrainAI: {line}")
        self.stdout.flush()


def web_on(descriptor: int) -> Child:
    """Return the web process on an open socket."""
    argv = [sys.executable, "-m", "trainai.web", "--socket", str(descriptor)]
    return Child("web", argv, descriptors=[descriptor])


def answers(port: int) -> bool:
    """Whether the web process answers, whatever it says. Asked directly: a proxy set for the machine is not ours."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=0.5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return True
    finally:
        connection.close()
