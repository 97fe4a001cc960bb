"""Uploads through the front door: every verb, every refusal, and bytes that are right in the end."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st
from pytest_django.fixtures import Settings
from rest_framework.authtoken.models import Token

from jobs.models import BackgroundJob
from jobs.testing import run_due_jobs
from tests.trainings.tus_client import BYTES, TusClient
from trainai.accounts.models import Membership, User
from trainings import receiving, removal
from trainings.models import Training, Upload
from trainings.storages import disk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root", "idle_handlers")]
CONTENT = bytes(range(256)) * 40


@pytest.fixture
def tus(alice: User) -> TusClient:
    return TusClient(alice)


def the_upload() -> Upload:
    return Upload.objects.get()


# --- the way through -----------------------------------------------------------------------------------------


def test_a_file_in_pieces_arrives_whole_and_becomes_a_training_with_its_jobs(tus: TusClient) -> None:
    address = tus.start(len(CONTENT), filename="refund an order.mp4")
    assert tus.patch(address, CONTENT[:1000], 0).headers["Upload-Offset"] == "1000"
    assert tus.head(address).headers["Upload-Offset"] == "1000"
    last = tus.patch(address, CONTENT[1000:], 1000)

    assert last.status_code == 204
    assert the_upload().path.read_bytes() == CONTENT
    training = Training.objects.get()
    assert last.headers["Upload-Training"] == str(training.id)
    assert (training.title, training.title_is_suggested) == ("Refund an order", True)
    waits_for = {job.job_type: job.depends_on and job.depends_on.job_type for job in BackgroundJob.objects.all()}
    assert waits_for == {
        "transcription": None,
        "mux_upload": None,
        "sop_generation": "transcription",
        "step_pictures": "sop_generation",
    }


def test_a_lost_last_answer_starts_nothing_twice_and_the_training_is_found_by_asking(tus: TusClient) -> None:
    address = tus.start(len(CONTENT))
    tus.patch(address, CONTENT, 0)
    assert tus.patch(address, b"", len(CONTENT)).status_code == 204
    again = tus.head(address)
    assert again.headers["Upload-Offset"] == str(len(CONTENT))
    assert again.headers["Upload-Training"] == str(Training.objects.get().id)
    assert BackgroundJob.objects.count() == 4


def test_the_first_bytes_may_come_with_the_creation(tus: TusClient) -> None:
    created = tus.create(len(CONTENT), body=CONTENT[:10])
    assert (created.status_code, created.headers["Upload-Offset"]) == (201, "10")
    whole = tus.create(len(CONTENT), body=CONTENT)
    assert whole.headers["Upload-Training"] == str(Training.objects.get().id)


def test_the_length_may_come_with_an_empty_last_piece(tus: TusClient) -> None:
    address = tus.start(None)
    head = tus.head(address)
    assert head.headers["Upload-Defer-Length"] == "1"
    assert "Upload-Length" not in head.headers
    tus.patch(address, CONTENT, 0)
    assert not Training.objects.exists()
    last = tus.patch(address, b"", len(CONTENT), upload_length=str(len(CONTENT)))
    assert last.headers["Upload-Training"] == str(Training.objects.get().id)
    assert tus.head(address).headers["Upload-Length"] == str(len(CONTENT))


def test_an_empty_file_becomes_a_training_too_so_that_its_jobs_can_say_why_not(tus: TusClient) -> None:
    created = tus.create(0)
    assert created.headers["Upload-Training"] == str(Training.objects.get().id)
    assert the_upload().path.read_bytes() == b""


def test_options_tells_what_the_server_can_do_to_anybody(db: None) -> None:
    for address in ("/api/uploads/", "/api/uploads", "/api/uploads/5b1a8a7e-7c3f-4a8e-9e0e-000000000000"):
        answer = TusClient().options(address)
        assert answer.status_code == 204
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert set(answer.headers["Tus-Extension"].split(",")) == {
            "creation",
            "creation-with-upload",
            "creation-defer-length",
            "checksum",
            "termination",
            "expiration",
        }
        assert answer.headers["Tus-Max-Size"] == str(10 * 2**30)


def test_addresses_work_with_and_without_their_last_slash(tus: TusClient) -> None:
    address = tus.start(len(CONTENT))
    assert address.endswith("/")
    assert tus.head(address.rstrip("/")).status_code == 200
    assert tus.patch(address.rstrip("/"), CONTENT, 0).status_code == 204


def test_post_may_carry_another_verb_for_clients_that_cannot_send_it(tus: TusClient) -> None:
    address = tus.start(len(CONTENT))
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert tus.http.post(address, CONTENT, content_type=BYTES, headers=headers).status_code == 204
    assert the_upload().path.read_bytes() == CONTENT


@tries(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, len(CONTENT)), max_size=8).map(sorted))
def test_any_way_to_cut_the_bytes_gives_the_same_file(tus: TusClient, cuts: list[int]) -> None:
    address = tus.start(len(CONTENT))
    for start, end in zip([0, *cuts], [*cuts, len(CONTENT)], strict=True):
        assert tus.patch(address, CONTENT[start:end], start).status_code == 204
    upload = Upload.objects.latest("created_at")
    assert upload.finished_at
    assert upload.path.read_bytes() == CONTENT


def test_long_bodies_are_made_durable_on_their_way(tus: TusClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "PIECE_BYTES", 1000)
    monkeypatch.setattr(receiving, "SETTLE_BYTES", 2000)
    assert "Upload-Training" in tus.send(CONTENT).headers
    assert the_upload().path.read_bytes() == CONTENT


def test_an_offset_is_told_only_when_it_is_on_the_disk(tus: TusClient, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[int, int]] = []
    fsync = os.fsync

    def watched(handle: int) -> None:
        fsync(handle)
        synced.append((os.fstat(handle).st_size, the_upload().offset))

    address = tus.start(len(CONTENT))
    monkeypatch.setattr(os, "fsync", watched)
    assert tus.patch(address, CONTENT[:1000], 0).headers["Upload-Offset"] == "1000"
    assert synced == [(1000, 0)]  # bytes on the disk, and what the row told until then
    assert tus.patch(address, CONTENT[1000:], 1000).status_code == 204
    assert synced[1:] == [(len(CONTENT), 1000)]


def test_bytes_behind_the_offset_left_by_a_crash_are_cut_off(tus: TusClient) -> None:
    address = tus.start(len(CONTENT))
    tus.patch(address, CONTENT[:100], 0)
    with the_upload().path.open("ab") as file:
        file.write(b"never settled" * 1000)
    tus.patch(address, CONTENT[100:], 100)
    assert the_upload().path.read_bytes() == CONTENT


# --- names ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\alice\\till.webm", "till.webm"),
        ('a "quoted" <b>name</b>.mp4', "b>.mp4"),
        ("two\r\nlines: x\x00y\x1b[31m.mp4", "two lines: xy[31m.mp4"),
        ("fdp.\u202e4pm.exe", "fdp.4pm.exe"),
        ("..", ""),
        ("x" * 4000 + ".mp4", "x" * 251 + ".mp4"),
        ("\U0001f600" * 4000, "\U0001f600" * 255),
        ("", ""),
    ],
)
def test_the_name_a_client_gives_is_data_and_never_a_path(
    tus: TusClient, media_root: Path, given_name: str, kept: str
) -> None:
    address = tus.start(1, filename=given_name)
    tus.patch(address, b"x", 0)
    upload = the_upload()
    assert upload.filename == kept
    assert [file for file in media_root.rglob("*") if file.is_file()] == [media_root / f"uploads/{upload.id}/recording"]
    sent = base64.b64encode(given_name.encode()).decode()
    assert tus.head(address).headers["Upload-Metadata"] == f"filename {sent}"
    assert Training.objects.get().title


def test_broken_metadata_is_refused(tus: TusClient) -> None:
    for broken in ("filename %%%", "filename YQ==,filename YQ==", "filen\u00e4me YQ=="):
        answer = tus.create(1, upload_metadata=broken)
        assert answer.status_code == 400, broken
    assert not Upload.objects.exists()


# --- refusals ------------------------------------------------------------------------------------------------


def test_a_wrong_offset_is_409_and_changes_nothing(tus: TusClient) -> None:
    address = tus.start(len(CONTENT))
    tus.patch(address, CONTENT[:100], 0)
    for offset in (0, 99, 101, 10**9):
        answer = tus.patch(address, CONTENT[:50], offset)
        assert answer.status_code == 409
        assert answer.headers["Upload-Offset"] == "100"
    assert the_upload().path.read_bytes() == CONTENT[:100]


@pytest.mark.parametrize("version", ["-", "0.2.2"])
def test_another_version_of_the_protocol_is_412(tus: TusClient, version: str) -> None:
    address = tus.start(1)
    for answer in (
        tus.create(1, tus_resumable=version),
        tus.head(address, tus_resumable=version),
        tus.patch(address, b"x", 0, tus_resumable=version),
        tus.delete(address, tus_resumable=version),
    ):
        assert answer.status_code == 412
        assert answer.headers["Tus-Version"] == "1.0.0"
    assert the_upload().offset == 0


def test_every_answer_names_the_version(tus: TusClient) -> None:
    address = tus.start(1)
    for answer in (tus.head(address), tus.patch(address, b"x", 7), tus.head("/api/uploads/nothing")):
        assert answer.headers.get("Tus-Resumable") == "1.0.0" or answer.status_code == 404


def test_other_content_is_415(tus: TusClient) -> None:
    address = tus.start(5)
    assert tus.patch(address, b"hello", 0, content_type="video/mp4").status_code == 415
    assert the_upload().offset == 0


def test_too_large_is_413_before_a_byte_is_written(tus: TusClient, settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 1000
    assert tus.create(1001).status_code == 413
    assert not Upload.objects.exists()
    deferred = tus.start(None)
    assert tus.patch(deferred, CONTENT[:600], 0).status_code == 204
    assert tus.patch(deferred, CONTENT[600:1001], 600).status_code == 413
    assert tus.patch(deferred, b"", 600, upload_length="1001").status_code == 413
    assert tus.head(deferred).headers["Upload-Offset"] == "600"


def test_a_person_is_refused_in_their_own_language(tus: TusClient, settings: Settings, alice: User) -> None:
    settings.MAX_UPLOAD_BYTES = 1000
    User.objects.filter(pk=alice.pk).update(language="de")
    message = tus.create(1001).json()["error"]["message"]
    assert message == "Die Aufnahme ist größer als 1 kB, das ist hier die Grenze."


def test_a_program_that_sends_wrong_headers_is_told_so_in_its_persons_language(tus: TusClient, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="de")
    address = tus.start(10)
    refused = {
        "Upload-Length muss eine ganze Zahl von Bytes sein.": tus.create(1, upload_length="ten"),
        "Upload-Offset fehlt.": tus.patch(address, b"x", 0, upload_offset="-"),
        "Die Sendung steht bei Byte 0.": tus.patch(address, b"x", 5),
        "Upload-Checksum kennt sha1, sha256.": tus.patch(address, b"x", 0, upload_checksum="crc32 AAAA"),
        "Upload-Marks ist eine Liste von höchstens 500 Sekunden.": tus.patch(address, b"x", 0, upload_marks="soon"),
    }
    assert {answer.json()["error"]["message"] for answer in refused.values()} == set(refused)


def test_more_than_the_length_said_is_413_and_the_offset_stays(tus: TusClient) -> None:
    address = tus.start(10)
    assert tus.patch(address, b"x" * 11, 0).status_code == 413
    assert tus.head(address).headers["Upload-Offset"] == "0"


@pytest.mark.parametrize("length", ["-1", "abc", "", "1.5", "٣", "9" * 30])
def test_a_length_that_is_no_number_is_400(tus: TusClient, length: str) -> None:
    assert tus.create(1, upload_length=length).status_code == 400


def test_exactly_one_of_length_and_deferred_length_is_taken(tus: TusClient) -> None:
    assert tus.create(1, upload_length="-").status_code == 400
    assert tus.create(1, upload_defer_length="1").status_code == 400
    assert tus.create(None, upload_defer_length="2").status_code == 400


def test_a_length_once_said_does_not_change(tus: TusClient) -> None:
    address = tus.start(10)
    assert tus.patch(address, b"", 0, upload_length="11").status_code == 400
    assert the_upload().size == 10


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_piece_with_its_checksum_is_taken_and_a_damaged_one_is_460(tus: TusClient, algorithm: str) -> None:
    right = f"{algorithm} {base64.b64encode(hashlib.new(algorithm, CONTENT).digest()).decode()}"
    address = tus.start(len(CONTENT))
    damaged = tus.patch(address, CONTENT[:-1] + b"?", 0, upload_checksum=right)
    assert (damaged.status_code, damaged.headers["Upload-Offset"]) == (460, "0")
    assert tus.head(address).headers["Upload-Offset"] == "0"
    assert the_upload().path.read_bytes() == b""
    assert tus.patch(address, CONTENT, 0, upload_checksum=right).status_code == 204


def test_an_unknown_checksum_is_400(tus: TusClient) -> None:
    assert tus.patch(tus.start(1), b"x", 0, upload_checksum="crc32 AAAA").status_code == 400
    assert tus.patch(tus.start(1), b"x", 0, upload_checksum="sha256 %%%").status_code == 400


def test_a_terminated_upload_is_gone_with_its_bytes(tus: TusClient) -> None:
    address = tus.start(len(CONTENT))
    tus.patch(address, CONTENT[:100], 0)
    assert tus.delete(address).status_code == 204
    assert not the_upload().path.parent.exists()
    assert {tus.head(address).status_code, tus.patch(address, b"x", 100).status_code} == {410}


def test_a_termination_that_fails_half_way_leaves_everything_as_it_was(
    tus: TusClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = base64.b64encode(b"screen").decode()
    address = tus.start(len(CONTENT), upload_metadata=f"source {source}")
    tus.patch(address, CONTENT[:100], 0)

    def fail(*_: object, **__: object) -> None:
        raise OSError("The machine stops here.")

    with monkeypatch.context() as failing:
        failing.setattr(removal, "remove", fail)
        with pytest.raises(OSError, match="stops here"):
            tus.delete(address)
    assert tus.patch(address, CONTENT[100:], 100).status_code == 204
    assert the_upload().path.read_bytes() == CONTENT


def test_a_finished_upload_cannot_be_terminated_from_under_its_training(tus: TusClient) -> None:
    tus.send(CONTENT)
    assert tus.delete(f"/api/uploads/{the_upload().id}/").status_code == 409
    assert the_upload().path.exists()


def test_whose_training_was_deleted_meanwhile_is_told_by_whom(tus: TusClient, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(name="Bob Bäcker")
    source = base64.b64encode(b"screen").decode()
    address = tus.start(None, upload_metadata=f"source {source}")
    tus.patch(address, CONTENT[:100], 0)
    removal.remove(Training.objects.get(), by=User.objects.get(pk=bob.pk))
    during = tus.patch(address, CONTENT[100:], 100, upload_length=str(len(CONTENT)))
    run_due_jobs()
    after = tus.patch(address, CONTENT[100:], 100)
    for answer in (during, after):
        assert answer.status_code == 410
        assert answer.json()["error"] == {"code": "removed", "message": "This training was deleted by Bob Bäcker."}
    assert tus.head(address).headers["Upload-Removed"] == "Bob%20B%C3%A4cker"


def test_an_expired_upload_is_gone(tus: TusClient, settings: Settings) -> None:
    address = tus.start(len(CONTENT))
    assert tus.head(address).headers["Upload-Expires"].endswith("GMT")
    Upload.objects.update(expires_at="2020-01-01T00:00Z")
    assert tus.head(address).status_code == 410
    assert tus.patch(address, CONTENT, 0).status_code == 410


def test_an_upload_whose_bytes_were_lost_is_gone_rather_than_wrong(tus: TusClient) -> None:
    address = tus.start(len(CONTENT))
    tus.patch(address, CONTENT[:100], 0)
    the_upload().path.write_bytes(b"short")
    assert tus.head(address).status_code == 410


def test_no_space_is_507_and_the_offset_stays_right(tus: TusClient, monkeypatch: pytest.MonkeyPatch) -> None:
    address = tus.start(len(CONTENT))
    tus.patch(address, CONTENT[:100], 0)
    with monkeypatch.context() as full_disk:
        full_disk.setattr(disk, "RESERVE_BYTES", 2**60)
        answer = tus.patch(address, CONTENT[100:], 100)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (507, "100")
        assert tus.create(1).status_code == 507
    assert tus.patch(address, CONTENT[100:], 100).status_code == 204


# --- who may -------------------------------------------------------------------------------------------------


def test_a_stranger_finds_nothing_by_any_verb(tus: TusClient, charlie: User) -> None:
    address = tus.start(len(CONTENT))
    stranger = TusClient(charlie)
    answers = [
        stranger.head(address),
        stranger.patch(address, CONTENT, 0),
        stranger.delete(address),
        stranger.head("/api/uploads/5b1a8a7e-7c3f-4a8e-9e0e-000000000000"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert the_upload().offset == 0


def test_a_colleague_may_go_on_and_a_viewer_may_only_look(tus: TusClient, bob: User) -> None:
    address = tus.start(len(CONTENT))
    assert TusClient(bob).patch(address, CONTENT[:5], 0).status_code == 204
    Membership.objects.filter(user=bob).update(role=Membership.Role.VIEWER)
    viewer = TusClient(User.objects.get(pk=bob.pk))
    assert viewer.head(address).status_code == 200
    refused = [viewer.create(1), viewer.patch(address, CONTENT[5:], 5), viewer.delete(address)]
    assert [answer.status_code for answer in refused] == [403] * 3
    assert the_upload().offset == 5


def test_nobody_uploads_without_signing_in(db: None) -> None:
    assert TusClient().create(1).status_code in (401, 403)


def test_a_session_needs_the_csrf_token_and_a_token_client_does_not(alice: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "1"}
    assert browser.post("/api/uploads/", b"x", content_type=BYTES, headers=headers).status_code == 403
    browser.cookies["csrftoken"] = "a" * 32
    with_token = {**headers, "X-CSRFToken": "a" * 32}
    assert browser.post("/api/uploads/", b"x", content_type=BYTES, headers=with_token).status_code == 201
    program = Client(enforce_csrf_checks=True)
    key = Token.objects.create(user=alice).key
    authorized = {**headers, "Authorization": f"Token {key}"}
    assert program.post("/api/uploads/", b"x", content_type=BYTES, headers=authorized).status_code == 201
