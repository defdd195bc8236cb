// The report made ready: trees by folder and by kind, reasons put together, nothing before the first build.

import assert from "node:assert/strict";
import { test } from "node:test";
import { kindOf, read } from "../../page/js/views/report-data.js";
import { byFolder, byKind, path } from "../../page/js/views/report-tree.js";

/** @param {string} root @param {number} stored @param {string} kind */
const asset = (root, stored, kind) => ({ root, isThere: true, address: root, bytes: stored, stored, parts: 1, kind, format: "" });
const ASSETS = [asset("ui/icons/a", 10, "image"), asset("ui/icons/b", 30, "image"), asset("ui/sound", 60, "audio"), asset("levels/one/deep/map", 5, "data"), asset("loose", 1, "text")];

/** @param {any} node @returns {number} */
const leaves = (node) => (node.children ? node.children.reduce((/** @type {number} */ n, /** @type {any} */ one) => n + leaves(one), 0) : node.bytes);

test("folders sum what is in them, the largest first, and one alone in another is one with it", () => {
  const root = byFolder(ASSETS, [{ folder: "ui/icons", kind: "image", n: 7, bytes: 4 }]);
  assert.deepEqual(root.children?.map((one) => [one.name, one.key, one.bytes, one.n]), [["ui", "ui", 104, 10], ["levels/one/deep", "levels/one/deep", 5, 1], ["loose", "loose", 1, 1]]);
  assert.equal(leaves(root), 110);
  assert.equal(root.children?.[0]?.kind, "mixed");
  assert.equal(root.children?.[1]?.kind, "data");
});

test("by kind, every asset is below its own", () => {
  const root = byKind(ASSETS, []);
  assert.deepEqual(root.children?.map((one) => [one.name, one.bytes]), [["audio", 60], ["image", 40], ["data", 5], ["text", 1]]);
  assert.equal(leaves(root), 106);
});

test("the way to a folder is found again, and to one that is gone as far as it is there", () => {
  const root = byFolder(ASSETS, []);
  assert.deepEqual(path(root, "ui/icons").map((one) => one.key), ["", "ui", "ui/icons"]);
  assert.deepEqual(path(root, "ui/gone/more").map((one) => one.key), ["", "ui"]);
  assert.deepEqual(path(root, "").map((one) => one.key), [""]);
});

test("an asset may be called as hostile as it likes", () => {
  const root = byFolder([asset("__proto__/constructor", 3, "raw"), asset("<img src=x>/a", 2, "raw")], []);
  assert.equal(leaves(root), 5);
  assert.deepEqual(root.children?.map((one) => one.name), ["__proto__", "<img src=x>"]);
});

test("before the first build there is no report", () => {
  assert.equal(read({ last_build: null, slowest: [], biggest: [], duplicates: [], duplicates_total: 0, wasted_bytes: 0, composition: null, changes: null }), null);
  assert.equal(read({}), null);
  assert.equal(read(null), null);
});

const COMPOSITION = {
  assets: [{ asset_id: 1, address: "a", root: "ui/a", kind: "png", parts: 1, bytes: 20, stored_bytes: 10 }, { asset_id: 2, address: "gone", root: null, kind: null, parts: 0, bytes: 0, stored_bytes: 0 }],
  rest: [{ folder: "ui", assets: 3, parts: 3, bytes: 9, stored_bytes: 6 }],
  kinds: [{ format: "png", parts: 3, bytes: 20, stored_bytes: 10 }, { format: "rgba8", parts: 1, bytes: 5, stored_bytes: 5 }, { format: "odd", parts: 1, bytes: 1, stored_bytes: 1 }],
};

test("of a report whose file is gone, what is known of the pack is still shown", () => {
  const report = read({ last_build: null, slowest: [], biggest: [], duplicates: [], duplicates_total: 0, wasted_bytes: 0, composition: COMPOSITION, changes: null });
  assert.ok(report);
  assert.equal(report.built, null);
  assert.equal(report.stored, 16);
  assert.deepEqual(report.assets.map((one) => [one.root, one.isThere, one.kind]), [["ui/a", true, "image"], ["gone", false, "raw"]]);
  assert.deepEqual(report.kinds.map((one) => [one.kind, one.formats, one.bytes]), [["image", ["png", "rgba8"], 15], ["raw", ["odd"], 1]]);
});

test("a change is what is there after, less what was there before", () => {
  const group = (/** @type {any[]} */ assets) => ({ total: assets.length, bytes: assets.reduce((sum, one) => sum + one.after - one.before, 0), assets });
  const changes = { since: "2026-11-22T15:00:00Z", pack: "blake3:00", added: group([{ asset_id: 1, address: "a", before: 0, after: 10 }]), removed: group([{ asset_id: 3, address: "old", before: 7, after: 0 }]), changed: group([]) };
  const report = read({ last_build: null, composition: COMPOSITION, changes });
  assert.equal(report?.changes?.delta, 3);
  assert.deepEqual(report?.changes?.added.assets, [{ address: "a", root: "ui/a", delta: 10 }]);
  assert.deepEqual(report?.changes?.removed.assets, [{ address: "old", root: null, delta: -7 }]);
});

test("a format that nobody here knows is bytes kept as they are", () => {
  assert.deepEqual(["png", "pcm_s16", "toml", "text", "raw", "spm", "constructor", null].map(kindOf), ["image", "audio", "data", "text", "raw", "raw", "raw", "raw"]);
});
