from trainings.models.sop import Chapter, KeyPoint, Sop, Step
from trainings.models.training import Training
from trainings.models.transcript import Segment, Transcript
from trainings.models.upload import Upload
from trainings.models.video import Video

__all__ = ["Chapter", "KeyPoint", "Segment", "Sop", "Step", "Training", "Transcript", "Upload", "Video"]
