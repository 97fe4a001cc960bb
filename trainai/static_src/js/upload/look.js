// What this browser can tell of a video before it is sent. It may know less than the server: what it cannot tell is null.

const LONGEST_MILLISECONDS = 3_000;

/** How long it lasts, and whether there is sound that this browser understands. */
export async function look(file) {
  const video = document.createElement("video");
  const address = URL.createObjectURL(file);
  const isKnown = new Promise((resolve) => {
    video.addEventListener("loadedmetadata", () => resolve(true));
    video.addEventListener("error", () => resolve(false));
    setTimeout(() => resolve(false), LONGEST_MILLISECONDS);
  });
  Object.assign(video, { preload: "metadata", muted: true, src: address });
  try {
    return (await isKnown) ? { seconds: length(video), hasSound: hasSound(video) } : { seconds: null, hasSound: null };
  } finally {
    video.removeAttribute("src");
    video.load();
    URL.revokeObjectURL(address);
  }
}

// A recording that was written as it came does not tell.
function length(video) {
  return Number.isFinite(video.duration) ? video.duration : null;
}

// Each browser has its own way to say so.
function hasSound(video) {
  if ("mozHasAudio" in video) return video.mozHasAudio;
  if (video.audioTracks) return video.audioTracks.length > 0;
  return video.captureStream ? video.captureStream().getAudioTracks().length > 0 : null;
}
