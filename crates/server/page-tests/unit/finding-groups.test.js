import assert from "node:assert/strict";
import { test } from "node:test";

import { firstPage, groupsOf, isNews, ownOf, safeOf, severityCounts, tickedParts, toneOf, withPage } from "../../page/js/views/finding-groups.js";

const severities = { S: "error", H: "warning" };

let made = 0;

/** A finding, with what a test says of it. */
const finding = (code, more = {}) => ({
  code, name: `name-of-${code}`, class: code.startsWith("S") ? "structural" : "hygiene", severity: severities[code[0]],
  message: `${code} is there`, asset: null, location: { path: `assets/${code}.png` }, fingerprint: `${code} ${(made += 1)}`, ...more,
});

const answer = (diagnostics, data = {}) => {
  const counts = {};
  for (const { code } of diagnostics) counts[code] = (counts[code] ?? 0) + 1;
  return { status: "ok", revision: 7, summary: "as it is", diagnostics, data: { counts, checks: [], failed: [], unchecked_sources: 0, allowed: 0, off: [], next_cursor: null, ...data } };
};

test("what is worst comes first, and of one severity by code", () => {
  const found = firstPage(answer([finding("H304", { severity: "info" }), finding("H303"), finding("S203"), finding("H302"), finding("S201")]));
  assert.deepEqual(groupsOf(found).map((group) => group.code), ["S201", "S203", "H302", "H303", "H304"]);
});

test("a group counts what is on later pages too", () => {
  const first = firstPage(answer([finding("H303")], { counts: { H303: 2, H305: 1 }, diagnostics_total: 3, next_cursor: "x:1" }));
  assert.deepEqual([first.total, first.next], [3, "x:1"]);
  assert.equal(groupsOf(first)[0].total, 2);
  const all = withPage(first, answer([finding("H303"), finding("H305")]));
  assert.deepEqual([all.findings.length, all.total, all.next], [3, 3, null]);
  assert.deepEqual(groupsOf(all).map(({ code, total }) => [code, total]), [["H303", 2], ["H305", 1]]);
});

test("of duplicates the one that wastes most comes first", () => {
  const found = firstPage(answer([10, 300, 20].map((n) => finding("H305", { wasted_bytes: n }))));
  const [group] = groupsOf(found);
  assert.deepEqual(group.findings.map((one) => one.wasted_bytes), [300, 20, 10]);
  assert.equal(group.wasted, 330);
});

test("a filter takes every word, in the message, the asset and all places, and counts what it takes", () => {
  const some = [
    finding("H305", { related: [{ path: "assets/ui/Button.png", message: "the same bytes" }] }),
    finding("H305"), finding("H303", { asset: { asset_id: 1, address: "ui/button", root: "UI/Button" } }),
  ];
  const found = firstPage(answer(some));
  assert.deepEqual(groupsOf(found, { text: "button UI" }).map(({ code, total }) => [code, total]), [["H303", 1], ["H305", 1]]);
  assert.deepEqual(groupsOf(found, { code: "H305" }).map(({ code, total }) => [code, total]), [["H305", 2]]);
  assert.deepEqual(groupsOf(found, { text: "button nowhere" }), []);
});

test("what most say alike is said once, and the others say their own", () => {
  const help = { help: "move it", fix: { title: "move", applicability: "display_only" } };
  const some = [finding("H303", help), finding("H303", help), finding("H303", { ...help, help: "ignore it" })];
  const [{ shared }] = groupsOf(firstPage(answer(some)));
  assert.equal(shared.help, "move it");
  assert.equal(shared.fix.title, "move");
  assert.deepEqual(some.map((one) => ownOf(one, shared).help), [null, null, "ignore it"]);
  assert.deepEqual(some.map((one) => ownOf(one, shared).fix), [null, null, null]);
});

test("one finding shares nothing with itself, and half of them are not most", () => {
  const one = finding("H306", { help: "rename it" });
  assert.equal(groupsOf(firstPage(answer([one])))[0].shared.help, null);
  const halves = ["a", "a", "b", "b"].map((help) => finding("H306", { help }));
  assert.equal(groupsOf(firstPage(answer(halves)))[0].shared.help, null);
});

test("only safe fixes count as safe, and are not said for a whole group", () => {
  const some = ["safe", "safe", "unsafe", "display_only"].map((applicability) => finding("H310", { fix: { title: "remove", applicability } }));
  assert.equal(safeOf(some).length, 2);
  const [group] = groupsOf(firstPage(answer(some.slice(0, 2))));
  assert.equal(group.safe, 2);
  assert.equal(group.shared.fix, null);
});

test("severities are counted for pages that are not here, by the level of each code", () => {
  const found = firstPage(answer([finding("H303", { severity: "info" })], { counts: { H303: 5, H305: 2, S203: 1 }, diagnostics_total: 8, next_cursor: "x:1" }));
  assert.deepEqual(severityCounts(found), { error: 1, warning: 0, info: 5, unknown: 2 });
});

test("what could not be checked is neither good nor bad", () => {
  const tone = (some, data) => toneOf(firstPage(answer(some, data)));
  assert.equal(tone([]), "good");
  assert.equal(tone([finding("H304", { severity: "info" })]), "good");
  assert.equal(tone([finding("H303")]), "warn");
  assert.equal(tone([], { failed: [{ check: "H310", message: "no" }] }), "warn");
  assert.equal(tone([finding("S203")], { failed: [{ check: "H310", message: "no" }] }), "bad");
});

test("a doctor's own end is no reason to look again, nor is what it saw already", () => {
  const event = (kind, revision = 7) => ({ kind, revision });
  const operation = (service, ...events) => ({ service, events });
  const none = new WeakSet();
  assert.equal(isNews([operation("doctor", event("diagnostics_updated"))], none, 7), false);
  assert.equal(isNews([operation("build", event("progress_updated"))], none, 7), false);
  assert.equal(isNews([operation("reconcile", event("reconcile_finished", 7))], none, 7), false);
  assert.equal(isNews([operation("reconcile", event("reconcile_finished", 8))], none, 7), true);
  const built = event("diagnostics_updated");
  assert.equal(isNews([operation("build", built)], none, 7), true);
  assert.equal(isNews([operation("build", built)], new WeakSet([built]), 7), false);
});

test("what stands between backticks is code, and a lone backtick is none", () => {
  const parts = (text) => tickedParts(text).map((part) => (part.isCode ? `<${part.text}>` : part.text)).join("");
  assert.equal(parts("`a b` is not `c`"), "<a b> is not <c>");
  assert.equal(parts("a ` b"), "a ` b");
});
