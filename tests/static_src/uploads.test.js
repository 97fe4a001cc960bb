import assert from "node:assert/strict";
import { test } from "node:test";

import { duration, fill, size } from "../../trainai/static_src/js/format.js";
import { refusal, refusalOf } from "../../trainai/static_src/js/upload/checks.js";
import { Rate } from "../../trainai/static_src/js/upload/rate.js";

test("a file is refused for what it is, before a byte is sent", () => {
  const file = (name, type, bytes) => ({ name, type, size: bytes });
  assert.equal(refusal(file("a.mp4", "video/mp4", 10), 100), "");
  assert.equal(refusal(file("A.MKV", "", 10), 100), "");
  assert.equal(refusal(file("notes.txt", "text/plain", 10), 100), "not_a_video");
  assert.equal(refusal(file("a.mp4", "video/mp4", 0), 100), "empty");
  assert.equal(refusal(file("a.mp4", "video/mp4", 101), 100), "too_large");
  assert.equal(refusal(file("a.mp4", "video/mp4", 101), 0), "no_space");
});

test("a video is refused for its length where the browser knows it", () => {
  assert.equal(refusalOf({ seconds: 60 }, 60), "");
  assert.equal(refusalOf({ seconds: 61 }, 60), "too_long");
  assert.equal(refusalOf({ seconds: null }, 60), "");
});

test("the speed is that of the last seconds, and unknown at first", () => {
  const rate = new Rate();
  rate.note(0, 0);
  assert.equal(rate.perSecond(), 0);
  rate.note(1_000, 1_000);
  assert.equal(rate.perSecond(), 1_000);
  for (let second = 2; second <= 20; second++) rate.note(1_000 + (second - 1) * 5_000, second * 1_000);
  assert.equal(rate.perSecond(), 5_000);
});

test("sizes and times read as people write them", () => {
  assert.equal(size(0, "en"), "0 byte");
  assert.equal(size(2.5 * 1024 ** 2, "en"), "2.5 MB");
  assert.equal(duration(0.2, "en"), "1 sec");
  assert.equal(duration(42, "en"), "45 sec");
  assert.equal(duration(61, "en"), "2 min");
  assert.equal(duration(3 * 3600, "de"), "3 Std.");
  assert.equal(fill("{percent} % of {name}", { percent: 4, name: "a" }), "4 % of a");
});
