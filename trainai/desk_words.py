"""The desk in the reader's language where its words are not ours: unfold's own, and names of models and fields.

Django says its part itself. unfold brings no catalogue, and what Django makes of a field's name is English: both are
looked up in ours.
"""

from __future__ import annotations

from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

OF_UNFOLD = (
    *(_("Filters"), _("Apply Filters"), _("Reset filters"), _("Type to search"), _("Select value"), _("Value")),
    *(_("Date from"), _("Date to"), _("From"), _("To"), _("Date"), _("True"), _("False"), _("Run"), _("Cancel")),
    *(_("Select action"), _("Select action to run"), _("Select all rows"), _("Select record"), _("More actions")),
    *(_("Return to site"), _("Go back"), _("Light"), _("Dark"), _("System"), _("Welcome"), _("General"), _("Name")),
    *(_("Add new item"), _("Expand row"), _("Collapse"), _("Edit"), _("Link"), _("Previous"), _("Next"), _("Code")),
    *(_("Search apps and models..."), _("All applications"), _("Loading more results..."), _("No results found")),
    *(_("No results matching your query"), _("This item will be deleted."), _("Toggle password visibility")),
    _("This page yielded into no results. Create a new item or reset your filters."),
    *(_("This object doesn't have a change history."), _("Object"), _("Choose file to upload"), _("Current file")),
    *(_("Record picture"), _("Change History"), _("Submit"), _("Row"), _("Reset to default"), _("No data")),
    _("After you've created a user, you’ll be able to edit more user options."),  # noqa: RUF001  (as it stands there)
    _("You have been successfully logged out from the administration"),
    *(_("Group permissions"), _("User permissions"), _("Object permissions")),
)
NAMES = (
    *(_("company"), _("companies"), _("created at"), _("space for recordings"), _("name"), _("email")),
    *(_("wants mail"), _("language"), _("membership"), _("memberships"), _("role"), _("job"), _("jobs")),
    *(_("job type"), _("limit"), _("limits"), _("jobs at once"), _("paused at"), _("paused by"), _("why")),
    *(_("worker"), _("workers")),
    *(_("Scheduled task"), _("Scheduled tasks"), _("Function"), _("Schedule Type"), _("Minutes"), _("Repeats")),
    *(_("Next Run"), _("Cron"), _("Successful task"), _("Successful tasks"), _("Failed task"), _("Failed tasks")),
    *(_("Result"), _("Group"), _("Started at"), _("Stopped at"), _("Success")),
    *(_("provider call"), _("provider calls"), _("state"), _("provider"), _("model"), _("kind"), _("seconds")),
    *(_("training id"), _("job id"), _("input tokens"), _("output tokens"), _("price"), _("took"), _("request id")),
    *(_("error"), _("service"), _("services"), _("failures"), _("closed until"), _("reason"), _("company terms")),
    *(_("daily limit"), _("words"), _("transcriber"), _("sop writer"), _("video host"), _("may stand in")),
    *(_("training"), _("trainings"), _("upload"), _("uploads"), _("title"), _("title is suggested")),
    *(_("duration"), _("marks"), _("told"), _("deleted at"), _("filename"), _("metadata"), _("size"), _("offset")),
    *(_("multipart"), _("writer"), _("expires at"), _("finished at"), _("discarded at"), _("status")),
    *(_("open"), _("paid"), _("failed"), _("processing"), _("ready"), _("cancelled"), _("recording")),
)
_SHOWN = ("accounts", "jobs", "trainings", "django_q")


def translate_names() -> None:
    """Have models and fields of the desk said in the reader's language. Migrations see what their classes say."""
    for label in _SHOWN:
        for model in apps.get_app_config(label).get_models():
            _translate(model)
    apps.get_app_config("django_q").verbose_name = gettext_lazy("Work")


def _translate(model: type[Model]) -> None:
    about = model._meta
    about.verbose_name = gettext_lazy(str(about.verbose_name))
    about.verbose_name_plural = gettext_lazy(str(about.verbose_name_plural))
    for field in about.get_fields():
        if hasattr(field, "verbose_name"):
            field.verbose_name = gettext_lazy(str(field.verbose_name))
