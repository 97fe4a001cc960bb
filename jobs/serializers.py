"""The shapes of the jobs API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from jobs import dispatch, registry
from jobs.events import on_wire
from jobs.models import BackgroundJob


class JobErrorSerializer(serializers.Serializer[Any]):
    """Why it failed."""

    code = serializers.CharField()
    message = serializers.CharField(help_text="One sentence for the person, with what to do.")


class JobSerializer(serializers.Serializer[BackgroundJob]):
    """A job, as pages get it over the WebSocket too."""

    id = serializers.UUIDField()
    training = serializers.UUIDField(allow_null=True)
    job_type = serializers.CharField()
    label = serializers.CharField(help_text="What a person reads.")  # type: ignore[assignment]
    status = serializers.ChoiceField(choices=BackgroundJob.Status.choices)
    progress_percentage = serializers.IntegerField()
    progress_message = serializers.CharField()
    version = serializers.IntegerField(help_text="Rises with every change.")
    error = JobErrorSerializer(allow_null=True)
    waits_for = serializers.CharField(help_text="What a pending job waits for.")
    can_retry = serializers.BooleanField(
        help_text="It failed or was cancelled, and another try may help. False where the fault lies in what it was "
        "given, such as a recording without sound: that needs another recording."
    )
    retry_count = serializers.IntegerField()
    max_retries = serializers.IntegerField()
    next_retry_at = serializers.DateTimeField(allow_null=True)
    cancel_requested_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: BackgroundJob) -> dict[str, Any]:
        """Return what the WebSocket would send."""
        return dict(on_wire(instance))


class JobFilterSerializer(serializers.Serializer[Any]):
    """Which jobs a list shows."""

    status = serializers.ChoiceField(choices=BackgroundJob.Status.choices, required=False)
    job_type = serializers.CharField(required=False)
    training = serializers.UUIDField(required=False)


class ProcessRequestSerializer(serializers.Serializer[Any]):
    """Which due jobs to run now."""

    jobTypes = serializers.ListField(  # noqa: N815
        child=serializers.CharField(max_length=64), max_length=100, required=False, allow_null=True
    )
    limit = serializers.IntegerField(min_value=1, max_value=1000, default=dispatch.LIMIT)

    def validate_jobTypes(self, value: list[str] | None) -> list[str] | None:  # noqa: N802
        """Refuse a type that nobody handles."""
        unknown = sorted(set(value or ()) - set(registry.job_types()))
        if unknown:
            known = ", ".join(registry.job_types())
            raise serializers.ValidationError(f"Unknown: {', '.join(unknown)}. Known: {known}.")
        return value


class ProcessResponseSerializer(serializers.Serializer[Any]):
    """What came of it."""

    dispatched = serializers.ListField(child=serializers.UUIDField(), help_text="Due jobs the workers were woken for.")
    processed = serializers.ListField(child=serializers.UUIDField(), help_text="Completed within this request.")
    failed = serializers.ListField(child=serializers.UUIDField(), help_text="Failed, or put off for a retry.")
    rescued = serializers.IntegerField(help_text="Jobs of dead workers that were put back first.")
    remaining = serializers.IntegerField(help_text="Due jobs of these types beyond those above.")
    workers = serializers.IntegerField(help_text="Live workers.")
