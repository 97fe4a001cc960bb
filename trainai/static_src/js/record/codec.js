// How a recording is written, best first: H.264 is streamed without encoding it again, VP9 and VP8 every browser writes.

const TYPES = [
  'video/mp4;codecs="avc1.640033,mp4a.40.2"',
  'video/webm;codecs="avc1.640033,opus"',
  'video/webm;codecs="vp9,opus"',
  'video/webm;codecs="vp8,opus"',
  "video/webm",
  "video/mp4",
];
// Enough for small text at 1080p; a still picture takes far less.
const VIDEO_BITS_PER_SECOND = 3_000_000;
const AUDIO_BITS_PER_SECOND = 128_000;
// A piece of a file can be played from a keyframe on: what a crash can cost is bounded by this.
const KEYFRAME_MILLISECONDS = 2_000;

/** Options for a MediaRecorder of this browser, null when it can write nothing of use. */
export function recorderOptions(supports = (type) => MediaRecorder.isTypeSupported(type)) {
  const mimeType = TYPES.find(supports);
  return mimeType
    ? {
        mimeType,
        videoBitsPerSecond: VIDEO_BITS_PER_SECOND,
        audioBitsPerSecond: AUDIO_BITS_PER_SECOND,
        videoKeyFrameIntervalDuration: KEYFRAME_MILLISECONDS,
      }
    : null;
}

/** The ending a file of this type has. */
export function ending(mimeType) {
  return mimeType.startsWith("video/mp4") ? "mp4" : "webm";
}
