// The report made ready: trees by folder and by kind, reasons put together, nothing before the first build.

import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "../../page/js/views/report-data.js";
import { byFolder, byKind, path } from "../../page/js/views/report-tree.js";

/** @param {string} root @param {number} stored @param {string} kind */
const asset = (root, stored, kind) => ({ root, address: root, id: 1, bytes: stored, stored, parts: 1, kind });
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
  assert.equal(read({ pack: null }), null);
  assert.equal(read({}), null);
  assert.equal(read(null), null);
});
