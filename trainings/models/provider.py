"""What services elsewhere were asked, what it cost, what they answered, and how they are."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProviderCall(models.Model):
    """A line of the ledger: one paid call. It outlives the job and the training it was made for."""

    class State(models.TextChoices):
        """Open calls count with their estimate. One whose worker died may have been billed: it fails and keeps it."""

        OPEN = "open", _("Open")
        PAID = "paid", _("Paid")
        FAILED = "failed", _("Failed")

    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    """What it was for: "transcription" or "sop"."""
    company = models.ForeignKey("accounts.Company", on_delete=models.CASCADE, null=True, related_name="provider_calls")
    training_id = models.UUIDField(null=True, db_index=True)
    job_id = models.UUIDField(null=True, db_index=True)
    seconds = models.FloatField(default=0.0)
    """Seconds of sound that were heard."""
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    price = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    """US dollars; the most it can cost while the call is open."""
    took = models.FloatField(null=True)
    """Seconds until the answer."""
    request_id = models.CharField(max_length=100, blank=True)
    """The service's own name for the call, for questions to it."""
    error = models.CharField(max_length=40, blank=True)
    """The code of what went wrong."""

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["company", "created_at"], name="provider_call_day")]

    def __str__(self) -> str:
        return f"{self.model} for {self.price} USD"


class StoredCall(models.Model):
    """An answer that was paid for, so that nobody pays for it again. Goes with its training."""

    key = models.CharField(max_length=64, unique=True)
    """SHA-256 of the company, the model and all that was sent."""
    training = models.ForeignKey("trainings.Training", on_delete=models.CASCADE, null=True, related_name="stored_calls")
    answer = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key[:12]


class Service(models.Model):
    """How a service is, for all workers: a circuit breaker."""

    name = models.CharField(max_length=120, primary_key=True)
    """Provider and model, for example "openai whisper-1"."""
    failures = models.PositiveIntegerField(default=0)
    """Failures in a row."""
    closed_until = models.DateTimeField(null=True)
    """Nobody calls it before."""
    reason = models.CharField(max_length=40, blank=True)
    """The code of the last failure."""

    def __str__(self) -> str:
        return self.name


class CompanyTerms(models.Model):
    """What a company wants of services elsewhere. Without a row the installation's settings hold."""

    company = models.OneToOneField("accounts.Company", on_delete=models.CASCADE, related_name="terms")
    daily_limit = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    """US dollars a day (UTC); empty means the installation's limit."""
    words = models.TextField(blank=True, help_text="Names and terms of the company, separated by commas or lines.")
    """Given to the transcriber so that it spells them right."""
    transcriber = models.CharField(max_length=20, blank=True, default="", db_default="")
    sop_writer = models.CharField(max_length=20, blank=True, default="", db_default="")
    video_host = models.CharField(max_length=20, blank=True, default="", db_default="")
    """Names of providers in the settings; empty means the installation's choice."""
    may_stand_in = models.BooleanField(
        default=False,
        db_default=False,
        help_text="When a service elsewhere cannot do its part, this machine does it instead, and the page says so.",
    )
    """Without it nobody else ever does the work: it waits, or fails and says why."""

    class Meta:
        verbose_name_plural = "company terms"

    def __str__(self) -> str:
        return f"terms of {self.company}"
