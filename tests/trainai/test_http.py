"""What holds for every address: spelling, errors, headers, health."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from rest_framework.authtoken.models import Token

from trainai.accounts.models import User
from trainai.slashes import resolvable


@pytest.mark.parametrize("path", ["/accounts/login", "/accounts/login/", "/healthz", "/healthz/", "/api/schema"])
def test_a_path_works_with_and_without_its_last_slash(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 200


def test_a_post_without_the_last_slash_keeps_its_body(client: Client, alice: User) -> None:
    form = {"username": "alice@example.com", "password": "a long enough password"}
    assert client.post("/accounts/login", form).headers["Location"] == "/"


@pytest.mark.parametrize("path", ["//", "/nothing", "/nothing/", "/nothing//"])
def test_a_path_that_leads_nowhere_is_left_as_it_is(path: str) -> None:
    assert resolvable(path) == path


def test_an_address_of_the_api_that_leads_nowhere_answers_json(client: Client, db: None) -> None:
    answer = client.get("/api/nothing/")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_a_stranger_is_asked_for_a_token(client: Client, db: None) -> None:
    answer = client.get("/api/trainings/")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Token"
    assert answer.json()["error"] == {
        "code": "not_authenticated",
        "message": "Authentication credentials were not provided.",
    }


def test_a_token_and_a_session_both_let_a_person_in(client: Client, alice: User) -> None:
    token = Token.objects.create(user=alice)
    assert client.get("/api/trainings/", headers={"Authorization": f"Token {token.key}"}).status_code == 200
    client.force_login(alice)
    assert client.get("/api/trainings/").status_code == 200


def test_a_wrong_token_is_refused(client: Client, db: None) -> None:
    answer = client.get("/api/trainings/", headers={"Authorization": "Token wrong"})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "authentication_failed"


def test_a_session_needs_the_form_token_to_write(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    answer = client.post("/api/trainings/", {"upload": "x"}, content_type="application/json")
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "permission_denied"


def test_wrong_values_are_named(client: Client, alice: User) -> None:
    client.force_login(alice)
    answer = client.post("/api/trainings/", {"upload": "x"}, content_type="application/json")
    assert answer.status_code == 400
    assert "upload" in answer.json()["error"]["fields"]


def test_the_api_describes_itself_without_anything_from_elsewhere(client: Client, db: None) -> None:
    assert "/api/trainings/" in client.get("/api/schema/?format=json").json()["paths"]
    page = client.get("/api/docs/").content.decode()
    assert "https://" not in page
    assert "http://" not in page


def test_pages_run_no_script_but_ours(client: Client, db: None) -> None:
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["script-src"] == "'self'"
    assert directives["frame-ancestors"] == "'none'"
    assert "blob:" in directives["worker-src"]
    assert "blob:" in directives["media-src"]


def test_only_the_admin_may_evaluate_expressions_and_no_page_runs_scripts_it_holds(client: Client, db: None) -> None:
    assert _script_sources(client, "/admin/login/") == {"'self'", "'unsafe-eval'"}
    assert _script_sources(client, "/administration") == {"'self'"}


def _script_sources(client: Client, path: str) -> set[str]:
    policy = client.get(path).headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    return set(directives["script-src"].split())


def test_cookies_stay_on_this_site_and_out_of_scripts(client: Client, alice: User) -> None:
    form = {"username": "alice@example.com", "password": "a long enough password"}
    cookie = client.post("/accounts/login/", form).cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["secure"]


def test_health_needs_no_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_without_workers_the_installation_is_not_ready_and_says_so(client: Client, db: None) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "not ready",
        "database": "ok",
        "storage": "ok",
        "workers": "none is running",
    }


def test_a_storage_that_takes_no_files_is_named(client: Client, db: None, settings: LazySettings) -> None:
    settings.MEDIA_ROOT = "/proc/nothing"
    assert client.get("/readyz").json()["storage"] == "takes no files"


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_gone_is_named_beside_the_other_parts(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "does not answer"
    assert answer.json()["storage"] == "ok"
