"""The samples for several hosts name only what there is: variables, commands, targets, services."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import load_command_class

REPOSITORY = Path(__file__).resolve().parents[2]
DEPLOY = REPOSITORY / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if "build" in service}
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def documented() -> set[str]:
    """Return the variables of our table."""
    return set(re.findall(r"^\| `([A-Z_0-9]+)` \|", (REPOSITORY / "trainai" / "README.md").read_text(), re.MULTILINE))


def of_unit(unit: Path, name: str) -> str:
    """Return a setting of a systemd unit."""
    return next(line.partition("=")[2] for line in unit.read_text().splitlines() if line.startswith(f"{name}="))


COMMANDS = [service["command"] for service in OURS.values()]
COMMANDS += [shlex.split(of_unit(unit, "ExecStart")) for unit in UNITS]


@pytest.mark.parametrize("service", OURS)
def test_a_service_of_ours_sets_variables_that_we_read(service: str) -> None:
    assert set(OURS[service]["environment"]) <= documented()
    assert {"SECRET_KEY", "DATABASE_URL", "DATABASE_DIRECT_URL", "VAR_DIR"} <= set(OURS[service]["environment"])


def test_the_variables_of_systemd_are_ones_that_we_read() -> None:
    lines = [line for line in (DEPLOY / "trainai.env").read_text().splitlines() if line and not line.startswith("#")]
    assert {line.partition("=")[0] for line in lines} <= documented()
    assert {of_unit(unit, "EnvironmentFile") for unit in UNITS} == {"/etc/trainai.env"}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_command_is_one_of_manage_py(command: list[str]) -> None:
    python, manage, name, *options = command
    assert (Path(python).name, manage) == ("python", "manage.py")
    load_command_class("trainai", name).create_parser("manage.py", name).parse_args(options)


def test_services_wait_for_and_lead_to_services_that_are_there() -> None:
    services: dict[str, Any] = COMPOSE["services"]
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)
        for value in service["environment"].values():
            assert set(re.findall(r"@([a-z]+):", str(value))) <= set(services)
    assert all("image" in services[name] for name in services if name not in OURS)


def test_what_an_operator_must_give_has_no_default() -> None:
    given = re.findall(r"\$\{(\w+)\}", (DEPLOY / "compose.yaml").read_text())
    asked = re.findall(r"\$\{(\w+):\?", (DEPLOY / "compose.yaml").read_text())
    assert set(given) <= set(asked), "one that is not asked for would be empty"


def test_the_image_is_made_from_what_there_is() -> None:
    for service in OURS.values():
        build = service["build"]
        context = (DEPLOY / build["context"]).resolve()
        assert context == REPOSITORY
        assert (context / build["dockerfile"]).is_file()
        assert (context / f"{build['dockerfile']}.dockerignore").is_file()
    targets = re.findall(r"^RUN make (.+)$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    makefile = (REPOSITORY / "Makefile").read_text()
    assert targets
    for target in " ".join(targets).split():
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
