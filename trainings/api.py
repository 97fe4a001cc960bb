"""Trainings over HTTP: list, make, read, rename, delete, and take with you as files."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import APIException, PermissionDenied
from rest_framework.generics import ListAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from jobs import idempotency
from trainai.accounts.models import User
from trainings import exports, listening_anew, pipeline, removal
from trainings.media_links import media_url
from trainings.models import Segment, Sop, Step, Training, Transcript, Upload
from trainings.permissions import VIEWERS_MAY_NOT, require_maker
from trainings.serializers import (
    NewTrainingSerializer,
    TitleSerializer,
    TrainingSerializer,
    TrainingSummarySerializer,
    TranscriptSerializer,
)

P = TypeVar("P", Transcript, Sop)


class Unfinished(APIException):
    status_code = 409
    default_code = "upload_unfinished"
    default_detail = "This upload is not complete yet. Send its remaining bytes first."


class NotReady(APIException):
    status_code = 404
    default_code = "not_ready"
    default_detail = "This part of the training is not made yet."


class TrainingPages(CursorPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "-created_at"


class TrainingsView(ListAPIView[Training]):
    """`/api/trainings/`."""

    serializer_class = TrainingSummarySerializer
    pagination_class = TrainingPages

    def get_queryset(self) -> QuerySet[Training]:
        return (
            Training.objects.visible_to(self.request.user)
            .select_related("transcript", "upload")
            .prefetch_related("jobs")
        )

    @extend_schema(
        request=NewTrainingSerializer,
        responses={200: TrainingSerializer, 201: TrainingSerializer},
        parameters=[idempotency.KEY],
    )
    @idempotency.once
    def post(self, request: Request) -> Response:
        """Make the training of a finished upload. The upload's last byte has usually done so already: then this
        answers 200 with that training. A title given here takes the place of a suggested one. A `language` other than
        the upload's metadata named has it heard in that one, anew where it was heard in another already."""
        require_maker(request)
        asked = _validated(NewTrainingSerializer(data=request.data))
        upload = Upload.objects.visible_to(request.user).filter(pk=asked["upload"], discarded_at=None).first()
        if upload is None:
            raise Http404
        if not Upload.objects.editable_by(request.user).filter(pk=upload.pk).exists():
            raise PermissionDenied(VIEWERS_MAY_NOT)
        if not upload.is_complete:
            raise Unfinished
        existed = Training.objects.filter(upload=upload, upload__finished_at__isnull=False).exists()
        if "language" in asked and not existed:
            upload.spoken_language = asked["language"]
            upload.save(update_fields=["spoken_language"])
        try:
            training = pipeline.finish(upload)
        except pipeline.Removed:
            raise Http404 from None
        if "title" in asked and training.title_is_suggested:
            training.rename(asked["title"])
        if "language" in asked:
            assert isinstance(request.user, User)  # noqa: S101 (nobody else may make one)
            listening_anew.in_language(training, asked["language"], by=request.user)
        return Response(_json(training, request), status=200 if existed else 201)


class TrainingView(APIView):
    """`/api/trainings/{id}/`."""

    @extend_schema(responses=TrainingSerializer)
    def get(self, request: Request, id: UUID) -> Response:
        """A training with everything made from its recording so far."""
        return Response(_json(_get(request, id), request))

    @extend_schema(request=TitleSerializer, responses=TrainingSerializer)
    def patch(self, request: Request, id: UUID) -> Response:
        """Give it another title."""
        training = _get_to_change(request, id)
        training.rename(_validated(TitleSerializer(data=request.data))["title"])
        return Response(_json(training, request))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """Delete it. It is out of sight at once; its jobs are cancelled and its files removed right after."""
        training = _get_to_change(request, id)
        assert isinstance(request.user, User)  # noqa: S101 (nobody else may change it)
        removal.remove(training, by=request.user)
        return Response(status=204)


class AnyType(BaseContentNegotiation):
    """The address says which kind of file it is; what the client would rather have changes nothing."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class FileView(APIView):
    """A training as a file."""

    content_negotiation_class = AnyType
    ending = ""
    media_type = ""

    def answer(self, training: Training, content: str) -> HttpResponse:
        response = HttpResponse(content, content_type=f"{self.media_type}; charset=utf-8")
        name = content_disposition_header(as_attachment=False, filename=f"{training.title}.{self.ending}")
        response["Content-Disposition"] = name or "inline"
        response["Cache-Control"] = "private, no-cache"
        return response


G = TypeVar("G", bound=Callable[..., HttpResponse])


def _file(media_type: str, description: str) -> Callable[[G], G]:
    return extend_schema(
        responses={(200, media_type): OpenApiResponse(OpenApiTypes.STR, description=description)},
        description=description,
    )


class TranscriptVttView(FileView):
    ending, media_type = "vtt", "text/vtt"

    @_file("text/vtt", "The captions as WebVTT, at most two lines of 42 characters.")
    def get(self, request: Request, id: UUID) -> HttpResponse:
        training = _get(request, id)
        return self.answer(training, exports.vtt(_segments(training)))


class TranscriptSrtView(FileView):
    ending, media_type = "srt", "application/x-subrip"

    @_file("application/x-subrip", "The captions as SubRip.")
    def get(self, request: Request, id: UUID) -> HttpResponse:
        training = _get(request, id)
        return self.answer(training, exports.srt(_segments(training)))


class TranscriptJsonView(FileView):
    ending, media_type = "json", "application/json"

    @extend_schema(responses=TranscriptSerializer)
    def get(self, request: Request, id: UUID) -> HttpResponse:
        """What was said, word by word, with the probability of each word."""
        training = _get(request, id)
        transcript = _part(training, "transcript", Transcript)
        data = TranscriptSerializer(
            {
                "training": training.id,
                "language": transcript.language or None,
                "language_chosen": bool(training.spoken_language),
                "duration": training.duration,
                "segments": transcript.segments.all(),
            }
        ).data
        return self.answer(training, json.dumps(data, ensure_ascii=False))


class ChaptersView(FileView):
    ending, media_type = "vtt", "text/vtt"

    @_file("text/vtt", "The chapters as WebVTT, for a player's bar.")
    def get(self, request: Request, id: UUID) -> HttpResponse:
        training = _get(request, id)
        return self.answer(training, exports.chapters_vtt(_part(training, "sop", Sop).chapters.all()))


class SopView(FileView):
    ending, media_type = "md", "text/markdown"

    @_file("text/markdown", "The procedure as Markdown, with its pictures as links for signed-in people.")
    def get(self, request: Request, id: UUID) -> HttpResponse:
        training = _get(request, id)

        def picture_url(step: Step) -> str:
            return request.build_absolute_uri(media_url(training, step.picture))

        return self.answer(
            training, exports.markdown(training.title, _part(training, "sop", Sop), picture_url=picture_url)
        )


def _get(request: Request, id: UUID) -> Training:
    training = Training.objects.visible_to(request.user).filter(pk=id).first()
    if training is None:
        raise Http404
    return training


def _get_to_change(request: Request, id: UUID) -> Training:
    training = _get(request, id)
    if not Training.objects.editable_by(request.user).filter(pk=id).exists():
        raise PermissionDenied(VIEWERS_MAY_NOT)
    return training


def _segments(training: Training) -> QuerySet[Segment]:
    return _part(training, "transcript", Transcript).segments.all()


def _part(training: Training, name: str, kind: type[P]) -> P:
    part = getattr(training, name, None)
    if not isinstance(part, kind):
        raise NotReady
    return part


def _json(training: Training, request: Request) -> Any:
    return TrainingSerializer(training, context={"request": request}).data


def _validated(serializer: Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data
