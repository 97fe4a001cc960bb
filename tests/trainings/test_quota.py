"""What a company may keep: refused in time, never overspent, free again when something goes."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from tests.trainings.tus_client import TusClient
from trainai.accounts.models import Company, User
from trainings import creation, quota
from trainings.models import Training, Upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root", "idle_handlers")]


@pytest.fixture
def tus(alice: User, company: Company) -> TusClient:
    """Alice, whose company may keep 1,000 bytes."""
    company.quota_bytes = 1000
    company.save()
    return TusClient(alice)


def metadata(**pairs: str) -> str:
    """Return the header Upload-Metadata."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())


def test_an_upload_that_does_not_fit_is_413_with_a_sentence_before_a_byte_is_sent(tus: TusClient) -> None:
    tus.send(b"x" * 600)
    refused = tus.create(401)
    assert refused.status_code == 413
    assert refused.json()["error"]["code"] == "over_quota"
    message = refused.json()["error"]["message"].replace("\xa0", " ")
    assert "may keep 1000 bytes of recordings, and 600 bytes are used" in message
    assert tus.create(400).status_code == 201


def test_an_upload_on_its_way_counts_with_its_whole_length(tus: TusClient) -> None:
    tus.start(900)
    assert tus.create(101).status_code == 413


def test_whoever_did_not_get_the_answer_to_a_beginning_asks_again_and_it_counts_once(tus: TusClient, bob: User) -> None:
    known = metadata(filename="refund.mp4", fingerprint="600-1764500000000")
    address = tus.start(600, upload_metadata=known)
    assert tus.start(600, upload_metadata=known) == address
    assert tus.create(600, upload_metadata=metadata(filename="refund.mp4", fingerprint="600-1")).status_code == 413
    assert TusClient(bob).create(600, upload_metadata=known).status_code == 413
    tus.patch(address, b"x" * 600, 0)
    assert tus.create(600, upload_metadata=known).status_code == 413  # that one came: this is another


def test_a_recording_that_did_not_get_the_answer_to_its_beginning_makes_one_training(tus: TusClient) -> None:
    known = metadata(source="screen", fingerprint="a-tape")
    assert tus.start(None, upload_metadata=known) == tus.start(None, upload_metadata=known)
    assert Training.objects.count() == 1


def test_what_is_given_up_frees_its_space(tus: TusClient) -> None:
    address = tus.start(900)
    tus.delete(address)
    assert tus.create(1000).status_code == 201


def test_a_recording_of_unknown_length_is_stopped_where_the_space_ends(tus: TusClient) -> None:
    address = tus.start(None)
    assert tus.patch(address, b"x" * 700, 0).status_code == 204
    full = tus.patch(address, b"x" * 301, 700)
    assert (full.status_code, full.headers["Upload-Offset"]) == (413, "700")
    assert tus.patch(address, b"x" * 300, 700, upload_length="1000").status_code == 204


def test_a_full_company_cannot_begin_a_recording(tus: TusClient) -> None:
    tus.send(b"x" * 1000)
    assert tus.create(None).status_code == 413


def test_space_that_another_took_meanwhile_is_missed_at_the_end_and_the_file_is_cut_back(
    tus: TusClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = tus.start(None)
    tus.patch(address, b"x" * 500, 0)
    monkeypatch.setattr(quota, "require", lambda company, more: None)  # there was space when it was asked for
    with monkeypatch.context() as when_stored:
        when_stored.setattr(quota, "claim_growth", refuse)
        full = tus.patch(address, b"x" * 100, 500)
    assert (full.status_code, full.headers["Upload-Offset"]) == (413, "500")
    assert Upload.objects.get().path.stat().st_size == 500


def test_the_setting_counts_for_companies_without_a_limit_of_their_own(alice: User, settings: Settings) -> None:
    settings.COMPANY_QUOTA_BYTES = 10
    assert TusClient(alice).create(11).status_code == 413
    Company.objects.update(quota_bytes=20)
    assert TusClient(User.objects.get(pk=alice.pk)).create(11).status_code == 201


def test_others_space_is_not_ours(tus: TusClient, charlie: User) -> None:
    tus.send(b"x" * 1000)
    assert TusClient(charlie).create(5000).status_code == 201


def test_a_file_of_the_terminal_needs_space_too(tus: TusClient, company: Company, tmp_path: Path) -> None:
    large = tmp_path / "large.mp4"
    large.write_bytes(b"x" * 1001)
    with pytest.raises(creation.CannotCreate, match="may keep 1000") as refused:
        creation.from_file(large, company=company)
    assert refused.value.code == "over_quota"
    assert not Upload.objects.exists()


def test_the_page_says_what_is_taken_and_what_is_left(tus: TusClient) -> None:
    tus.send(b"x" * 600)
    page = tus.http.get("/trainings/new/").content.decode()
    assert "recordings take 600\xa0bytes of 1000\xa0bytes" in page
    assert 'data-max-bytes="400"' in page
    tus.send(b"x" * 400)
    assert "may keep are used" in tus.http.get("/trainings/new/").content.decode()


def test_the_admin_sets_the_limit_and_shows_what_is_taken(tus: TusClient, company: Company) -> None:
    tus.send(b"x" * 600)
    operator = Client()
    operator.force_login(User.objects.create_superuser("operator@example.com", "a long enough password"))
    page = operator.get(f"/admin/accounts/company/{company.pk}/change/").content.decode()
    assert "600\xa0bytes" in page
    assert 'name="quota_bytes"' in page


@pytest.mark.django_db(transaction=True)
def test_many_at_once_do_not_overspend(alice: User, company: Company) -> None:
    """Commits for real, in threads."""
    Company.objects.update(quota_bytes=1000)

    def begin(_: int) -> int:
        try:
            return int(TusClient(alice).create(300).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(begin, range(8)))
    assert sorted(answers) == [201] * 3 + [413] * 5
    assert quota.used(company) == 900


def refuse(upload: Upload, size: int) -> None:
    raise quota.Exceeded(quota.Space(1000, 950))
