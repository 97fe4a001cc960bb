// Uploads this browser began and did not finish. The server knows how far each is.
import { defaultOptions } from "tus-js-client";

const GONE = [404, 410];

/** Find them, newest first: name, size, percent, and the training of one whose last answer was lost. */
export async function findLeft(endpoint) {
  const stored = await defaultOptions.urlStorage.findAllUploads();
  const ours = stored.filter((entry) => new URL(entry.uploadUrl, location.href).pathname.startsWith(endpoint));
  const asked = await Promise.all(ours.map(ask));
  return asked.filter(Boolean).sort((one, other) => other.began - one.began);
}

async function ask(entry) {
  const response = await fetch(entry.uploadUrl, { method: "HEAD", headers: { "Tus-Resumable": "1.0.0" } });
  if (GONE.includes(response.status)) await forget(entry);
  if (!response.ok) return null;
  return {
    entry,
    name: entry.metadata.filename,
    size: entry.size,
    percent: Math.floor((100 * Number(response.headers.get("Upload-Offset"))) / entry.size),
    training: response.headers.get("Upload-Training"),
    began: Date.parse(entry.creationTime),
  };
}

export function forget(entry) {
  return defaultOptions.urlStorage.removeUpload(entry.urlStorageKey);
}
