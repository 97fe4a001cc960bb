import assert from "node:assert/strict";
import { test } from "node:test";

import { KnownJobs } from "../../trainai/static_src/js/live/known.js";

const job = (id, version, status = "processing") => ({ id, version, status });

test("only what is newer is news", () => {
  const known = new KnownJobs();
  assert.deepEqual(known.learn(job("a", 2)), { isNews: true, before: undefined });
  assert.equal(known.learn(job("a", 2)).isNews, false);
  assert.equal(known.learn(job("a", 1, "pending")).isNews, false);
  assert.deepEqual(known.learn(job("a", 3, "completed")).before, job("a", 2));
});

test("what runs is known by its newest state", () => {
  const known = new KnownJobs();
  for (const each of [job("a", 1), job("a", 2), job("b", 1), job("b", 2, "completed")]) known.learn(each);
  assert.deepEqual(known.running(), [job("a", 2)]);
});

test("a snapshot without an unfinished job means that it is gone", () => {
  const known = new KnownJobs();
  for (const each of [job("a", 1), job("b", 1), job("c", 1, "completed")]) known.learn(each);
  known.forgetUnfinishedBut([job("b", 1)]);
  assert.deepEqual(["a", "b", "c"].map((id) => known.learn(job(id, 1)).isNews), [true, false, false]);
});
