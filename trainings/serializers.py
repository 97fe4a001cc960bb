"""A training as JSON: one form for the API and for `create_training --json`. Times are seconds."""

from __future__ import annotations

from typing import Any, NoReturn

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from jobs.models import BackgroundJob
from trainings import languages, makers, video_links
from trainings.media_links import media_url
from trainings.models import Chapter, KeyPoint, Segment, Step, Training, Video


class Seconds(serializers.FloatField):
    """Seconds from the recording's start, to the millisecond."""

    def to_representation(self, value: Any) -> Any:
        return round(float(value), 3)


class SegmentSerializer(serializers.ModelSerializer[Segment]):
    """A stretch of speech. `evidence` elsewhere counts these from 0."""

    start = Seconds()
    end = Seconds()

    class Meta:
        model = Segment
        fields = ["start", "end", "text"]


class TimedSegmentSerializer(SegmentSerializer):
    """The same with the time and probability of each word."""

    class Meta(SegmentSerializer.Meta):
        fields = [*SegmentSerializer.Meta.fields, "words"]


class ChapterSerializer(serializers.ModelSerializer[Chapter]):
    start = Seconds()
    end = Seconds()

    class Meta:
        model = Chapter
        fields = ["title", "start", "end", "evidence"]


class StepSerializer(serializers.ModelSerializer[Step]):
    start = Seconds()
    end = Seconds()
    picture = serializers.SerializerMethodField()

    class Meta:
        model = Step
        fields = ["title", "body", "start", "end", "evidence", "picture", "picture_alt", "cautions", "conditions"]

    def get_picture(self, step: Step) -> str | None:
        """Return the address of the still frame; None until it was made."""
        return media_url(step.sop.training, step.picture) if step.picture else None


class KeyPointSerializer(serializers.ModelSerializer[KeyPoint]):
    start = Seconds()
    end = Seconds()

    class Meta:
        model = KeyPoint
        fields = ["text", "start", "end", "evidence"]


class VideoSerializer(serializers.ModelSerializer[Video]):
    playback = serializers.SerializerMethodField()
    poster = serializers.SerializerMethodField()

    class Meta:
        model = Video
        fields = ["host", "playback", "poster", "width", "height"]

    def get_playback(self, video: Video) -> str:
        """Return the address of the playlist, whoever hosts it."""
        return video_links.stream_url(video)

    def get_poster(self, video: Video) -> str | None:
        return media_url(video.training, video.poster) if video.poster else None


class MakerSerializer(serializers.Serializer[Any]):
    """Who made a part, and whom it stood in for because that one could not; empty when nobody stood in."""

    by = serializers.CharField()
    instead_of = serializers.CharField(allow_blank=True)


class MadeBySerializer(serializers.Serializer[Any]):
    """Who made each part; None while it is not there."""

    transcript = MakerSerializer(allow_null=True)
    steps = MakerSerializer(allow_null=True)
    video = MakerSerializer(allow_null=True)


class TrainingJobSerializer(serializers.ModelSerializer[BackgroundJob]):
    """One of the jobs that make it, and how it went."""

    seconds = serializers.SerializerMethodField()
    error_data = serializers.SerializerMethodField()

    class Meta:
        model = BackgroundJob
        fields = ["id", "job_type", "status", "seconds", "retry_count", "error_data"]

    def get_error_data(self, job: BackgroundJob) -> dict[str, Any] | None:
        """Return why it failed; the technical detail is for those who run the installation."""
        request = self.context.get("request")  # none: the command line, which is theirs
        if not job.error_data or request is None or request.user.is_staff:
            return job.error_data
        return {key: value for key, value in job.error_data.items() if key != "detail"}

    def get_seconds(self, job: BackgroundJob) -> float | None:
        """Return how long its last attempt took; None while it has not ended."""
        if not job.started_at or not job.completed_at:
            return None
        return round((job.completed_at - job.started_at).total_seconds(), 3)


class TrainingSummarySerializer(serializers.ModelSerializer[Training]):
    """A training as a line of a list."""

    training = serializers.UUIDField(source="id", read_only=True)
    url = serializers.SerializerMethodField()
    status = serializers.CharField(read_only=True)
    language = serializers.SerializerMethodField()
    language_chosen = serializers.SerializerMethodField()

    class Meta:
        model = Training
        fields = ["id", "training", "url", "status", "title", "duration", "language", "language_chosen", "created_at"]

    def get_url(self, training: Training) -> str:
        path = training.get_absolute_url()
        request = self.context.get("request")
        return request.build_absolute_uri(path) if request else f"{self.context.get('base_url', '')}{path}"

    def get_language(self, training: Training) -> str | None:
        """Return the spoken language as ISO 639-1: as it was chosen, else as it was found; None until it was heard."""
        transcript = getattr(training, "transcript", None)
        return training.spoken_language or (transcript.language if transcript else "") or None

    def get_language_chosen(self, training: Training) -> bool:
        """Return whether a person named the spoken language; else it is found."""
        return bool(training.spoken_language)


class TrainingSerializer(TrainingSummarySerializer):
    """A training with everything made from its recording so far."""

    transcript = serializers.SerializerMethodField()
    chapters = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()
    key_points = serializers.SerializerMethodField()
    video = serializers.SerializerMethodField()
    made_by = serializers.SerializerMethodField()
    jobs = serializers.SerializerMethodField()

    class Meta(TrainingSummarySerializer.Meta):
        fields = [
            *TrainingSummarySerializer.Meta.fields,
            *("transcript", "chapters", "steps", "key_points", "video", "made_by", "jobs"),
        ]

    @extend_schema_field(SegmentSerializer(many=True))
    def get_transcript(self, training: Training) -> Any:
        transcript = getattr(training, "transcript", None)
        return SegmentSerializer(transcript.segments.all() if transcript else [], many=True).data

    @extend_schema_field(ChapterSerializer(many=True))
    def get_chapters(self, training: Training) -> Any:
        sop = getattr(training, "sop", None)
        return ChapterSerializer(sop.chapters.all() if sop else [], many=True).data

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, training: Training) -> Any:
        sop = getattr(training, "sop", None)
        steps = sop.steps.select_related("sop__training") if sop else []
        return StepSerializer(steps, many=True).data

    @extend_schema_field(KeyPointSerializer(many=True))
    def get_key_points(self, training: Training) -> Any:
        sop = getattr(training, "sop", None)
        return KeyPointSerializer(sop.key_points.all() if sop else [], many=True).data

    @extend_schema_field(VideoSerializer(allow_null=True))
    def get_video(self, training: Training) -> Any:
        video = getattr(training, "video", None)
        return VideoSerializer(video).data if video else None

    @extend_schema_field(MadeBySerializer)
    def get_made_by(self, training: Training) -> Any:
        """Say who did the work, and where somebody stood in."""
        return makers.of(training)

    @extend_schema_field(TrainingJobSerializer(many=True))
    def get_jobs(self, training: Training) -> Any:
        jobs = training.jobs.order_by("created_at", "id")
        return TrainingJobSerializer(jobs, many=True, context=self.context).data


class LanguageField(serializers.ChoiceField):
    """The code of a spoken language; empty: it is found."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=languages.KNOWN, allow_blank=True, **options)

    def fail(self, key: str, **values: Any) -> NoReturn:
        """Say which code nobody knows, and what one looks like."""
        if key == "invalid_choice":
            raise serializers.ValidationError(languages.unknown(str(values["input"])), code=key)
        super().fail(key, **values)


class NewTrainingSerializer(serializers.Serializer[Any]):
    """What makes a training: a finished upload, and what a person knows of it: a title, the language spoken in it."""

    upload = serializers.UUIDField()
    title = serializers.CharField(max_length=200, required=False)
    language = LanguageField(required=False)


class TitleSerializer(serializers.Serializer[Any]):
    """The part of a training that a person may change."""

    title = serializers.CharField(max_length=200)


class TranscriptSerializer(serializers.Serializer[Any]):
    """What was said, word by word."""

    training = serializers.UUIDField()
    language = serializers.CharField(allow_null=True)
    language_chosen = serializers.BooleanField()
    duration = Seconds(allow_null=True)
    segments = TimedSegmentSerializer(many=True)


def training_json(training: Training, *, base_url: str = "") -> dict[str, Any]:
    """Return a training as plain JSON values; `base_url` stands before its address."""
    data: dict[str, Any] = TrainingSerializer(training, context={"base_url": base_url}).data
    return data
