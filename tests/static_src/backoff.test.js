import assert from "node:assert/strict";
import { test } from "node:test";

import { delay } from "../../trainai/static_src/js/live/backoff.js";

test("browsers come back at different moments, later and later up to a limit", () => {
  const latest = (attempt) => delay(attempt, () => 1);
  assert.deepEqual([0, 1, 2, 10].map(latest), [500, 1000, 2000, 20_000]);
  assert.equal(delay(5, () => 0), 0);
});
