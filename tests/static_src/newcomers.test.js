import assert from "node:assert/strict";
import { test } from "node:test";

import { Newcomers } from "../../trainai/static_src/js/desk/newcomers.js";

function heard(...ids) {
  const newcomers = new Newcomers();
  for (const id of ids) newcomers.hear(id);
  return newcomers;
}

test("a job that is heard of again and again counts once", () => {
  const newcomers = heard("a", "a");
  for (let report = 0; report < 3; report += 1) {
    newcomers.hear("a");
    const asked = newcomers.take(100);
    assert.deepEqual(asked, ["a"]);
    newcomers.answer(asked, ["a"]);
  }
  assert.equal(newcomers.count, 1);
});

test("only what matches counts, and only as long as it does", () => {
  const newcomers = heard("a", "b");
  newcomers.answer(newcomers.take(100), ["a"]);
  assert.equal(newcomers.count, 1);
  newcomers.hear("a");
  newcomers.hear("b");
  newcomers.answer(newcomers.take(100), ["b"]);
  assert.equal(newcomers.count, 1);
  newcomers.hear("b");
  newcomers.answer(newcomers.take(100), []);
  assert.equal(newcomers.count, 0);
});

test("what is too much for one question waits for the next", () => {
  const newcomers = heard("a", "b", "c");
  assert.deepEqual(newcomers.take(2), ["a", "b"]);
  assert.ok(newcomers.waiting);
  assert.deepEqual(newcomers.take(2), ["c"]);
  assert.ok(!newcomers.waiting);
});
