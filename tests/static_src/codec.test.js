import assert from "node:assert/strict";
import { test } from "node:test";

import { ending, recorderOptions } from "../../trainai/static_src/js/record/codec.js";

/** What is chosen in a browser that can write what `can` matches. */
const chosen = (can) => recorderOptions((type) => can.test(type))?.mimeType;

test("H.264 with AAC comes first: it is streamed as it is", () => {
  assert.equal(chosen(/./), 'video/mp4;codecs="avc1.640033,mp4a.40.2"');
});

test("a browser without H.264 writes VP9, an older one VP8, both with Opus", () => {
  assert.equal(chosen(/vp[89]|^video\/webm$/), 'video/webm;codecs="vp9,opus"');
  assert.equal(chosen(/vp8|^video\/webm$/), 'video/webm;codecs="vp8,opus"');
});

test("who names no codecs records in the container it knows, and who knows none is told that it cannot", () => {
  assert.equal(chosen(/^video\/mp4$/), "video/mp4");
  assert.equal(chosen(/never/), undefined);
});

test("the file's name ends as its container does", () => {
  assert.deepEqual([ending('video/mp4;codecs="avc1"'), ending("video/webm")], ["mp4", "webm"]);
});
