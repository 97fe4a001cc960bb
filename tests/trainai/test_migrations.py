"""Migrations let the last version run beside the new one: they add, and take away only what nothing uses any more.

While an installation of several hosts is updated, the first new host changes the tables and the others still run the
old code. The rule, in two releases: first add the new and stop using the old, then (a release later) remove it, with
a line that says since when nothing uses it.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

OURS = ("accounts", "jobs", "trainings")
UNUSED = "UNUSED_SINCE"
"""A module constant of a migration: the migration since which the code does without what it removes."""
TAKES_AWAY = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
)

ALL = [
    pytest.param(migration, id=f"{label}.{name}")
    for (label, name), migration in sorted(MigrationLoader(None).disk_migrations.items())
    if label in OURS and not migration.initial
]


def module_of(migration: migrations.Migration) -> str:
    """Return the text of the migration's file."""
    folder = Path(apps.get_app_config(migration.app_label).path)
    return (folder / "migrations" / f"{migration.name}.py").read_text()


def flattened(operations: Sequence[Operation]) -> list[Operation]:
    """Return the operations with those on the database alone; what changes the state alone changes no table."""
    found: list[Operation] = []
    for one in operations:
        if isinstance(one, migrations.SeparateDatabaseAndState):
            found += flattened(one.database_operations)
        else:
            found.append(one)
    return found


def problem(operation: Operation) -> str:
    """Return why code that does not know of the operation would fail beside it; nothing when it would not."""
    if isinstance(operation, TAKES_AWAY):
        return "takes away what the last version reads"
    if isinstance(operation, migrations.AddField) and not _old_rows_fit(operation.field):
        return "the last version inserts rows without this column: give it db_default or null"
    return ""


def _old_rows_fit(field: models.Field[object, object]) -> bool:
    return field.null or field.has_db_default() or isinstance(field, models.ManyToManyField)


@pytest.mark.parametrize("migration", ALL)
def test_the_last_version_can_run_on_the_new_tables(migration: migrations.Migration) -> None:
    problems = [f"{one.describe()}: {why}" for one in flattened(migration.operations) if (why := problem(one))]
    names = {node.id for node in ast.walk(ast.parse(module_of(migration))) if isinstance(node, ast.Name)}
    assert not problems or UNUSED in names


@pytest.mark.parametrize(
    ("operation", "is_refused"),
    [
        (migrations.RemoveField("upload", "metadata"), True),
        (migrations.RenameField("upload", "metadata", "about"), True),
        (migrations.AddField("upload", "about", models.TextField(default="")), True),
        (migrations.AddField("upload", "about", models.TextField(default="", db_default="")), False),
        (migrations.AddField("upload", "about", models.TextField(null=True)), False),
        (migrations.AddIndex("upload", models.Index(fields=["size"], name="size")), False),
    ],
)
def test_the_rule_knows_what_it_refuses(operation: Operation, is_refused: bool) -> None:
    assert bool(problem(operation)) is is_refused
