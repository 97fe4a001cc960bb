import assert from "node:assert/strict";
import { test } from "node:test";

import { current } from "../../trainai/static_src/js/page/moments.js";

const moments = [
  { start: 1, end: 3 },
  { start: 4, end: 6 },
];

test("a step is lit from its first word to its last", () => {
  assert.deepEqual([0, 1, 2.9, 3.5, 4, 7].map((now) => current(moments, now, true)), [-1, 0, 0, -1, 1, -1]);
});

test("a chapter lasts until the next begins", () => {
  assert.deepEqual([0, 1, 3.5, 99].map((now) => current(moments, now, false)), [-1, 0, 0, 1]);
});
