import assert from "node:assert/strict";
import { test } from "node:test";

import { Selection, keyOf, moved, span } from "../../page/js/views/asset-selection.js";

const asset = (root, more = {}) => ({ root, registered: true, included: true, quarantined: false, bytes: 10, ...more });

test("a root and the same root in quarantine are two", () => {
  assert.notEqual(keyOf(asset("ui")), keyOf(asset("ui", { quarantined: true })));
});

test("a click takes one alone, ctrl adds and takes away, a range replaces", () => {
  const selection = new Selection();
  const [a, b, c] = [asset("a"), asset("b"), asset("c")];
  selection.only(a, 0);
  selection.toggle(b, 1);
  assert.deepEqual(selection.all().map((one) => one.root), ["a", "b"]);
  selection.toggle(a, 0);
  assert.deepEqual(selection.all().map((one) => one.root), ["b"]);
  selection.take([b, c], { isMore: false });
  assert.equal(selection.size, 2);
  assert.equal(selection.has(a), false);
  selection.clear();
  assert.equal(selection.size, 0);
  assert.equal(selection.anchor, null);
});

test("what can be done is counted by what each asset is", () => {
  const selection = new Selection();
  selection.take(
    [asset("in"), asset("out", { included: false }), asset("new", { registered: false, included: false }), asset("away", { registered: false, included: false, quarantined: true })],
    { isMore: false },
  );
  const tally = selection.tally();
  assert.equal(tally.all, 4);
  assert.equal(tally.bytes, 40);
  assert.deepEqual(tally.excludable.map((one) => one.root), ["in"]);
  assert.deepEqual(tally.includable.map((one) => one.root), ["out"]);
  assert.deepEqual(tally.registrable.map((one) => one.root), ["new"]);
  assert.deepEqual(tally.removable.map((one) => one.root), ["in", "out"]);
  assert.equal(tally.quarantined, 1);
});

test("a selection learns how its assets are now, and loses those that are gone", () => {
  const selection = new Selection();
  selection.take([asset("a"), asset("b")], { isMore: false });
  assert.equal(selection.learn([asset("a", { included: false }), asset("c")]), 1);
  assert.equal(selection.tally().includable.length, 1);
  selection.settle([asset("b"), asset("c")]);
  assert.deepEqual(selection.all().map((one) => one.root), ["b"]);
});

test("keys move within the list", () => {
  const list = { at: 5, total: 20, page: 8 };
  assert.equal(moved("ArrowDown", list), 6);
  assert.equal(moved("PageDown", list), 13);
  assert.equal(moved("PageUp", list), 0);
  assert.equal(moved("End", list), 19);
  assert.equal(moved("Home", list), 0);
  assert.equal(moved("x", list), null);
  assert.equal(moved("ArrowDown", { at: 0, total: 0, page: 8 }), null);
  assert.deepEqual(span(7, 3), { first: 3, end: 8 });
});

test("what was clicked alone goes along with the arrow keys, what was picked does not", () => {
  const selection = new Selection();
  selection.only(asset("a"), 0);
  assert.equal(selection.follows, true);
  selection.toggle(asset("b"), 1);
  assert.equal(selection.follows, false);
  selection.only(asset("a"), 0);
  selection.take([asset("c")], { isMore: true });
  assert.equal(selection.follows, false);
});
