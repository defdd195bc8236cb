// Operations as their events tell them: causal order, progress in place, gaps counted, bounds kept.

import assert from "node:assert/strict";
import { test } from "node:test";
import { KEPT_EVENTS, KEPT_OPERATIONS, Operations, isFailure, isQuiet, missed, pace } from "../../page/js/operations.js";

let cursor = 0;
const START = Date.parse("2026-11-22T15:00:00.000Z");

/** @param {string} id @param {number} sequence @param {string} kind @param {object} [more] @returns {any} */
const event = (id, sequence, kind, more = {}) => ({
  project_id: "p", operation_id: id, sequence, cursor: (cursor += 1), kind, timestamp: new Date(START + sequence * 1000).toISOString(), summary: `${kind} ${sequence}`,
  terminal: false, revision: null, cause: null, progress: null, affected_assets: [], payload: {}, ...more,
});

/** @param {string} phase @param {number} done @param {number} total @param {number} [bytes] @param {number} [of] */
const progress = (phase, done, total, bytes = 0, of = 0) => ({ progress: { phase, done, total, bytes_done: bytes, bytes_total: of } });

/** @param {any[]} events */
function told(events) {
  const operations = new Operations();
  for (const one of events) operations.hear(one);
  return operations;
}

const BUILD = [
  event("b", 1, "operation_queued", { payload: { service: "build" } }),
  event("b", 2, "operation_started", { payload: { service: "build", operation_class: "workspace_mutation" } }),
  event("b", 3, "progress_updated", progress("import", 0, 20)),
  event("b", 4, "cache_hit", { payload: { count: 3 } }),
  event("b", 5, "progress_updated", progress("import", 20, 20)),
  event("b", 6, "cache_miss", { payload: { count: 17, reasons: [] } }),
  event("b", 7, "progress_updated", progress("pack", 1, 1)),
  event("b", 8, "build_finished", { terminal: true, payload: { status: "ok", blockers: [], diagnostics: [] } }),
];

test("an operation goes from queued to running to its outcome", () => {
  const operations = new Operations();
  const phases = BUILD.map((one) => operations.hear(one).phase);
  assert.deepEqual(phases, ["queued", "running", "running", "running", "running", "running", "running", "ended"]);
  const [build] = operations.all();
  assert.ok(build);
  assert.deepEqual([build.service, build.operationClass, build.status, build.hits, build.misses], ["build", "workspace_mutation", "ok", 3, 17]);
  assert.equal(missed(build), 0);
});

test("progress is kept once a phase, at its newest place, and the order stays that of the sequence", () => {
  const [build] = told(BUILD).all();
  assert.deepEqual(build?.events.map((one) => one.sequence), [1, 2, 4, 5, 6, 7, 8]);
});

test("events that are told again are not counted again", () => {
  const [build] = told([...BUILD, ...BUILD]).all();
  assert.deepEqual([build?.hits, build?.misses, build?.heard], [3, 17, 8]);
});

test("missing events are counted, and those that came merged are not missing", () => {
  const merged = event("m", 6, "asset_changed", { payload: { merged: 4, count: 400 } });
  const [whole] = told([event("m", 1, "reconcile_started"), event("m", 2, "runtime_state_changed"), merged]).all();
  assert.equal(whole && missed(whole), 0);
  const [cut] = told([event("n", 5, "cache_hit"), event("n", 6, "build_finished", { terminal: true, payload: { status: "ok" } })]).all();
  assert.equal(cut && missed(cut), 4);
  assert.equal(cut?.service, "build");
});

test("the newest come first; a cause is kept", () => {
  const cause = { operation_id: "b", sequence: 2 };
  const all = told([...BUILD, event("r", 1, "reconcile_started", { cause })]).all();
  assert.deepEqual(all.map((one) => [one.id, one.service]), [["r", "reconcile"], ["b", "build"]]);
  assert.deepEqual(all[0]?.cause, cause);
});

test("a failure is one, a cancelled operation and a preview are none", () => {
  const ends = [["failed", true], ["blocked", true], ["indeterminate", true], ["cancelled", false], ["ok", false]];
  for (const [status, is] of ends) {
    const [one] = told([event("x", 1, "action_failed", { terminal: true, payload: { status } })]).all();
    assert.equal(one && isFailure(one), is, String(status));
  }
  const [preview] = told([event("y", 1, "operation_started"), event("y", 2, "preview_ready", { terminal: true })]).all();
  assert.equal(preview?.status, "preview");
});

test("an operation whose end is not known says so, and takes it back when more is heard", () => {
  const operations = told(BUILD.slice(0, 3));
  operations.end("b", null);
  assert.deepEqual([operations.all()[0]?.phase, operations.all()[0]?.status, operations.all()[0]?.isLost], ["ended", null, true]);
  operations.hear(/** @type {any} */ (BUILD[3]));
  assert.deepEqual([operations.all()[0]?.phase, operations.all()[0]?.isLost], ["running", false]);
  operations.end("b", { status: "ok", summary: "built" });
  assert.deepEqual([operations.all()[0]?.status, operations.all()[0]?.summary], ["ok", "built"]);
});

test("of very many operations the quiet ones go first, and neither failures nor what runs", () => {
  const operations = told([event("run", 1, "operation_started"), event("bad", 1, "action_failed", { terminal: true, payload: { status: "failed" } })]);
  for (let n = 0; n < KEPT_OPERATIONS * 2; n += 1) {
    operations.hear(event(`q${n}`, 1, "reconcile_finished", { terminal: true, payload: { status: "ok", discovered: 0, changed: 0, removed: 0 } }));
  }
  const all = operations.all();
  assert.equal(all.length, KEPT_OPERATIONS);
  assert.ok(all.some((one) => one.id === "run") && all.some((one) => one.id === "bad"));
  assert.ok(all.slice(0, 10).every(isQuiet));
});

test("of very many events the first and the last are kept, and the others counted", () => {
  const operations = new Operations();
  const n = KEPT_EVENTS * 3;
  for (let sequence = 1; sequence <= n; sequence += 1) operations.hear(event("long", sequence, "cache_hit", { payload: { count: 1 } }));
  const [one] = operations.all();
  assert.ok(one);
  assert.deepEqual([one.events.length, one.events[0]?.sequence, one.events.at(-1)?.sequence, one.cut, one.hits], [KEPT_EVENTS, 1, n, n - KEPT_EVENTS, n]);
});

test("long lists are cut, with their length beside them", () => {
  const assets = Array.from({ length: 1000 }, (_, n) => ({ asset_id: n, address: `a${n}`, root: `a${n}` }));
  const [one] = told([event("w", 1, "asset_changed", { affected_assets: assets, payload: { count: 5000 } })]).all();
  const [kept] = one?.events ?? [];
  assert.deepEqual([kept?.affected_assets.length, kept?.payload.assets_total, kept?.payload.count], [100, 1000, 5000]);
});

test("the rate is that of the last seconds, and the time left follows from it", () => {
  const operations = told(BUILD.slice(0, 2));
  for (let n = 0; n <= 20; n += 1) operations.hear(event("b", 3 + n, "progress_updated", progress("import", n * 10, 1000, n * 2048, 204_800)));
  const [build] = operations.all();
  const now = build && pace(build);
  assert.ok(now);
  assert.ok(Math.abs(now.perSecond - 10) < 1e-9 && Math.abs(now.bytesPerSecond - 2048) < 1e-9);
  assert.ok(Math.abs((now.leftMs ?? 0) - 80_000) < 1);
  assert.ok((build?.trail.length ?? 99) <= 10);
});

test("there is no rate before there are two moments, nor after the end", () => {
  const [young] = told([...BUILD.slice(0, 2), event("b", 3, "progress_updated", progress("import", 1, 10))]).all();
  assert.equal(young && pace(young), null);
  const [ended] = told(BUILD).all();
  assert.equal(ended && pace(ended), null);
});

test("of 65,000 events the newest operations are kept, whole", () => {
  const events = [];
  for (let n = 0; n < 13_000; n += 1) {
    events.push(
      event(`o${n}`, 1, "reconcile_started", { payload: { reason: "hints" } }), event(`o${n}`, 2, "runtime_state_changed", { payload: { state: "healthy", reasons: [] } }),
      event(`o${n}`, 3, "asset_changed"), event(`o${n}`, 4, "diagnostics_updated"), event(`o${n}`, 5, "reconcile_finished", { terminal: true, payload: { status: "ok", changed: 1 } }),
    );
  }
  const all = told(events).all();
  assert.equal(all[0]?.id, "o12999");
  assert.ok(all.length > 0 && all.length < 13_000);
  assert.ok(all.every((one) => one.events.length === 5 && one.phase === "ended"));
});
