"""The jobs API: look, cancel, retry; and the trigger for whoever runs workers by a timer."""

from __future__ import annotations

import hmac
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, generics, pagination, status
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from jobs import cancelling, dispatch, events, idempotency, queue
from jobs.errors import NotAllowed
from jobs.models import BackgroundJob
from jobs.serializers import JobFilterSerializer, JobSerializer, ProcessRequestSerializer, ProcessResponseSerializer
from trainai.accounts.models import Membership, User


class Conflict(exceptions.APIException):
    """The job's state does not allow this."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "not_allowed"


class NotConfigured(exceptions.APIException):
    """Nobody set a token for this."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "not_configured"
    default_detail = "BACKGROUND_JOB_TOKEN is not set on this installation."


class ProcessToken(BaseAuthentication):
    """`Authorization: Bearer BACKGROUND_JOB_TOKEN`; taken from the header only."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, bool]:
        """Let the holder of the token in, compared in constant time."""
        if not settings.BACKGROUND_JOB_TOKEN:
            raise NotConfigured
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        right = hmac.compare_digest(given.strip().encode(), settings.BACKGROUND_JOB_TOKEN.encode())
        if scheme.lower() != "bearer" or not right:
            raise exceptions.AuthenticationFailed("The token is missing or wrong.")
        return AnonymousUser(), True

    def authenticate_header(self, request: Request) -> str:
        """Make a refusal a 401."""
        return "Bearer"


class ProcessTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the API's description names the token."""

    target_class = ProcessToken
    name = "backgroundJobToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the OpenAPI scheme."""
        return {"type": "http", "scheme": "bearer", "description": "The value of BACKGROUND_JOB_TOKEN."}


class NewestFirst(pagination.CursorPagination):
    """Pages that stay right while jobs come in."""

    ordering = ("-created_at", "-id")
    page_size_query_param = "page_size"
    max_page_size = 200


class JobsView(generics.ListAPIView[BackgroundJob]):
    """The jobs of your company, newest first."""

    serializer_class = JobSerializer
    pagination_class = NewestFirst

    @extend_schema(parameters=[JobFilterSerializer])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List jobs."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[BackgroundJob]:
        """Return what this person may see and asked for."""
        asked = JobFilterSerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        visible = BackgroundJob.objects.visible_to(self.request.user)
        return events.readable(visible).filter(**asked.validated_data)


class JobView(APIView):
    """One job."""

    @extend_schema(responses=JobSerializer)
    def get(self, request: Request, id: UUID) -> Response:
        """Show a job."""
        return _answer(_visible(request, id))


class CancellationView(APIView):
    """The end of a waiting or running job."""

    @extend_schema(request=None, responses=JobSerializer, parameters=[idempotency.KEY])
    @idempotency.once
    def post(self, request: Request, id: UUID) -> Response:
        """Cancel a job and what waits for it."""
        job, person = _changeable(request, id)
        try:
            return _answer(cancelling.cancel(job.pk, by=person))
        except NotAllowed as error:
            raise Conflict(str(error)) from None


class RetryView(APIView):
    """A new attempt at a failed or cancelled job."""

    @extend_schema(request=None, responses=JobSerializer, parameters=[idempotency.KEY])
    @idempotency.once
    def post(self, request: Request, id: UUID) -> Response:
        """Retry a job and revive what failed with it."""
        job, person = _changeable(request, id)
        try:
            return _answer(queue.retry(job.pk, by=person))
        except NotAllowed as error:
            raise Conflict(str(error)) from None


class ProcessView(APIView):
    """Run what is due, now."""

    authentication_classes = [ProcessToken]
    permission_classes = [AllowAny]

    @extend_schema(
        request=ProcessRequestSerializer,
        responses={200: ProcessResponseSerializer, 202: ProcessResponseSerializer},
    )
    def post(self, request: Request) -> Response:
        """Wake the workers (202), or run due jobs in this request when there are none (200)."""
        asked = ProcessRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        # As in the guide's call: no types, or none named, means all of them.
        result = dispatch.dispatch(asked.validated_data.get("jobTypes") or None, asked.validated_data["limit"])
        code = status.HTTP_202_ACCEPTED if result.workers else status.HTTP_200_OK
        return Response(ProcessResponseSerializer(asdict(result)).data, status=code)


def _visible(request: Request, id: UUID) -> BackgroundJob:
    return get_object_or_404(events.readable(BackgroundJob.objects.visible_to(request.user)), pk=id)


def _changeable(request: Request, id: UUID) -> tuple[BackgroundJob, User]:
    """A viewer may look at the company's jobs, not act on them."""
    job = _visible(request, id)
    membership = Membership.objects.select_related("user").get(company=job.company_id, user=request.user.pk)
    if not membership.may_create:
        raise exceptions.PermissionDenied("Viewers cannot cancel or retry.")
    return job, membership.user


def _answer(job: BackgroundJob) -> Response:
    return Response(JobSerializer(job).data)
