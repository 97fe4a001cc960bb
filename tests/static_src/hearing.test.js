import assert from "node:assert/strict";
import { test } from "node:test";

import { Hearing } from "../../trainai/static_src/js/record/hearing.js";

const [DEAD, HISS, VOICE] = [0, 0.002, 0.1];

/** What it thinks at each second, while the level is what `level` says of it. */
function follow(level, seconds) {
  const hearing = new Hearing(0);
  return Array.from({ length: seconds + 1 }, (_, second) => hearing.note(level(second), second));
}

test("a dead microphone is told within five seconds, judged once a second", () => {
  assert.ok(follow(() => DEAD, 5).includes("nothing"));
  assert.equal(follow((second) => (second < 10 ? VOICE : DEAD), 15).at(-1), "nothing");
});

test("who says nothing is asked to speak within five seconds, and after twenty once more", () => {
  const thought = follow(() => HISS, 20);
  assert.equal(thought[5], "unheard");
  assert.equal(thought[20], "quiet");
});

test("a pause of speaking is no reason to worry", () => {
  assert.ok(!follow((second) => (second % 15 ? HISS : VOICE), 60).includes("quiet"));
});
