import assert from "node:assert/strict";
import { test } from "node:test";

import { mayHaveLine, spanOf, valueAt } from "../../page/js/views/finding-line.js";

test("a pointer leads to a value, and nowhere else", () => {
  const manifest = { sources: ["a", "*.pmg"], "a/b": { "c~d": 1 } };
  assert.equal(valueAt(manifest, "/sources/1"), "*.pmg");
  assert.equal(valueAt(manifest, "/a~1b/c~0d"), 1);
  assert.equal(valueAt(manifest, "/sources/7"), undefined);
  assert.equal(valueAt(manifest, "/toString"), undefined);
  assert.equal(valueAt(null, "/sources"), undefined);
});

test("columns count characters, not units, and an empty span marks one", () => {
  assert.deepEqual(spanOf("a😀bc", 3, 4), { before: "a😀", marked: "b", after: "c" });
  assert.deepEqual(spanOf("abc", 2, 2), { before: "a", marked: "b", after: "c" });
  assert.deepEqual(spanOf("abc", 9, 12), { before: "abc", marked: "", after: "" });
});

test("a line without end is cut around its place", () => {
  const { before, marked, after } = spanOf("x".repeat(10_000) + "HERE" + "y".repeat(10_000), 10_001, 10_005);
  assert.equal(marked, "HERE");
  assert.ok(before.startsWith("…") && after.endsWith("…") && before.length + after.length < 500);
});

test("a line is offered only where it can be had", () => {
  const asset = { asset_id: 1, address: "a", root: "ui/a" };
  const at = (path, more) => ({ code: "S210", asset, location: { path, line: 2, column: 1, ...more } });
  assert.equal(mayHaveLine(at("assets/ui/a/x.json")), true);
  assert.equal(mayHaveLine(at("packwright.registry.json")), false);
  assert.equal(mayHaveLine(at("assets/ui/a/asset.json")), false);
  assert.equal(mayHaveLine(at("assets/ui/a/asset.json", { pointer: "/sources/0" })), true);
  assert.equal(mayHaveLine({ ...at("assets/ui/a/asset.json", { pointer: "/sources/0" }), code: "S204" }), false);
  assert.equal(mayHaveLine({ ...at("assets/ui/a/x.json"), asset: null }), false);
});
