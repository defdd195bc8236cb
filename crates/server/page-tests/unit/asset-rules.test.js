import assert from "node:assert/strict";
import { test } from "node:test";

import { addressTrouble, editOf, filterOf, isNarrow, readSettings, reasonWords, saidBy, same, settingsChange, shownAs, within } from "../../page/js/views/asset-rules.js";

test("addresses are taken as the service takes them", () => {
  for (const good of ["ui/button", "a", "0", "a.b/c_d-e", "a1/b2/c3", "x".repeat(256)]) assert.equal(addressTrouble(good), null, good);
  for (const bad of ["", "/a", "a/", "a//b", "A", "a b", "a/-b", "a-", ".a", "a..b", "ä", "a*", "x".repeat(257)]) {
    assert.equal(typeof addressTrouble(bad), "string", bad);
  }
});

test("an edit holds only what changes", () => {
  const manifest = { schema: 1, address: "ui/button", importer: "auto", labels: ["ui"], settings: { image: { output: "source" } } };
  const before = saidBy(manifest);
  assert.equal(editOf(before, saidBy(structuredClone(manifest))), null);
  assert.deepEqual(editOf(before, { ...before, preload: true, labels: [] }), { labels: [], preload: true });
  assert.deepEqual(editOf(before, { ...before, settings: { image: { output: "rgba8" } } }), { settings: { image: { output: "rgba8" } } });
});

test("settings that are taken out become null", () => {
  const before = { image: { output: "rgba8", x: 1 }, audio: { output: "pcm_s16" } };
  assert.deepEqual(settingsChange(before, { image: { output: "rgba8" } }), { image: { x: null }, audio: null });
  assert.deepEqual(settingsChange({}, { text: {} }), { text: {} });
  assert.equal(settingsChange(before, structuredClone(before)), null);
});

test("settings are JSON, objects within an object, and what is wrong is said with its place", () => {
  assert.deepEqual(readSettings("").settings, {});
  assert.deepEqual(readSettings('{"image": {"output": "rgba8"}}').settings, { image: { output: "rgba8" } });
  assert.match(readSettings('{\n  "image": }').trouble, /Not JSON/);
  assert.match(readSettings("[]").trouble, /object/);
  assert.match(readSettings('{"image": 1}').trouble, /image/);
});

test("the order of members makes no difference, that of a list does", () => {
  assert.equal(same({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }), true);
  assert.equal(same([1, 2], [2, 1]), false);
  assert.equal(same({ a: undefined }, { b: undefined }), false);
});

test("reasons are told in words, with what they are about", () => {
  assert.deepEqual(reasonWords("new"), { text: "no earlier build had it", what: null });
  assert.deepEqual(reasonWords("source_changed: assets/ui/a: b.png"), { text: "its source changed", what: "assets/ui/a: b.png" });
  assert.deepEqual(reasonWords("something_else"), { text: "something else", what: null });
});

test("what a source is shown as, its part says, and else its name", () => {
  assert.equal(shownAs("a/b.PNG", undefined), "image");
  assert.equal(shownAs("a/b.flac", undefined), "audio");
  assert.equal(shownAs("a/b.bin", { metadata: { width: 1 } }), "image");
  assert.equal(shownAs("a/png", undefined), null);
});

test("paths are told relative to the root", () => {
  assert.equal(within("assets/ui/button/a/b.png", "ui/button"), "a/b.png");
  assert.equal(within("elsewhere/b.png", "ui/button"), "elsewhere/b.png");
});

test("what is wanted becomes the service's filter", () => {
  const nothing = { text: "", shown: "all", problems: false, label: "", importer: "", state: "" };
  assert.deepEqual(filterOf(nothing), { quarantined: false });
  assert.equal(isNarrow(nothing), false);
  const some = { ...nothing, text: " ui ", shown: "excluded", problems: true, state: "diverged" };
  assert.deepEqual(filterOf(some), { text: "ui", registered: true, included: false, problems: true, state: "diverged" });
  assert.equal(isNarrow(some), true);
});
