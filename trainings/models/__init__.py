from trainings.models.hosted import HostedVideo, WebhookEvent
from trainings.models.provider import CompanyTerms, ProviderCall, Service, StoredCall
from trainings.models.sop import Chapter, KeyPoint, Sop, Step
from trainings.models.training import Training
from trainings.models.transcript import Segment, Transcript
from trainings.models.upload import Upload
from trainings.models.video import Video

__all__ = [
    "Chapter",
    "CompanyTerms",
    "HostedVideo",
    "KeyPoint",
    "ProviderCall",
    "Segment",
    "Service",
    "Sop",
    "Step",
    "StoredCall",
    "Training",
    "Transcript",
    "Upload",
    "Video",
    "WebhookEvent",
]
