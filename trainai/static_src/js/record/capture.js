// What is recorded: a tab, a window or the screen, as the person picks it in the browser's own dialog.

import { recorderOptions } from "./codec.js";

// Larger pictures would have to be encoded again before they can be streamed.
const PICTURE = { width: { max: 1920 }, height: { max: 1080 }, frameRate: { max: 30 } };

export function canCapture() {
  const { mediaDevices, locks } = navigator;
  return Boolean(mediaDevices?.getDisplayMedia && locks && window.AudioContext && window.MediaRecorder && recorderOptions());
}

/** Let the person pick. Throws NotAllowedError when they change their mind. */
export function pickSurface() {
  const controller = "CaptureController" in window ? new CaptureController() : undefined;
  // The next step, checking the microphone, is on this page.
  controller?.setFocusBehavior?.("no-focus-change");
  return navigator.mediaDevices.getDisplayMedia({
    controller,
    video: PICTURE,
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    systemAudio: "include",
    selfBrowserSurface: "exclude",
    surfaceSwitching: "include",
  });
}

/** "browser" (a tab), "window" or "monitor". */
export function surfaceOf(stream) {
  return stream.getVideoTracks()[0].getSettings().displaySurface ?? "window";
}

export function release(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
