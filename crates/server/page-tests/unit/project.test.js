// A project as the page knows it: events in order, another run of the service, missed events, the end of an operation.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Project } from "../../page/js/project.js";

const PROJECT = "01990000-0000-7000-8000-000000000001";
let cursor = 0;

/** @param {string} id @param {number} sequence @param {string} kind @param {object} [more] @returns {any} */
const event = (id, sequence, kind, more = {}) => ({
  project_id: PROJECT, operation_id: id, sequence, cursor: (cursor += 1), kind, timestamp: "2026-11-22T15:00:00.000Z", summary: kind, terminal: false,
  revision: null, cause: null, progress: null, affected_assets: [], payload: {}, ...more,
});

const fetched = globalThis.fetch;
/** What the service says: by a part of the address, a status and an answer. @type {Record<string, () => [number, object]>} */
let says = {};
/** @type {string[]} */
let asked = [];

/** @param {object} [more] */
const answer = (more = {}) => ({ status: "ok", service: null, operation_id: null, revision: 1, runtime_state: { state: "healthy", reasons: [] }, summary: "", diagnostics: [], blockers: [], data: {}, ...more });

/** @param {string} run @param {number} revision @returns {[number, object]} */
const status = (run, revision) => [200, answer({ revision, data: { run_id: run, counts: { registered: 1 } } })];

beforeEach(() => {
  says = { get_status: () => status("R1", 1) };
  asked = [];
  globalThis.fetch = /** @type {any} */ (async (/** @type {string} */ url, /** @type {{ method: string }} */ { method }) => {
    asked.push(`${method} ${url}`);
    const found = Object.entries(says).find(([part]) => url.includes(part));
    if (!found) throw new TypeError("nobody answers");
    const [code, body] = found[1]();
    return { status: code, json: async () => body };
  });
});
afterEach(() => {
  globalThis.fetch = fetched;
});

/** @param {() => boolean} is */
async function eventually(is) {
  for (let n = 0; !is(); n += 1) {
    assert.ok(n < 400, "it does not come about");
    await new Promise((done) => setTimeout(done, 10));
  }
}

test("what events say is told once for many of them, with all that has to be read again", async () => {
  const project = new Project(PROJECT, "p", "/p");
  /** @type {Set<string>[]} */
  const changed = [];
  let told = 0;
  project.changed.hear((subjects) => changed.push(subjects));
  project.operations.watch(() => (told += 1));
  for (let n = 1; n <= 50; n += 1) project.hear([event("a", n, n === 50 ? "build_finished" : "asset_changed", { terminal: n === 50, revision: 5 })], "S1");
  await eventually(() => changed.length > 0);
  assert.deepEqual(changed.map((one) => [...one].sort()), [["assets", "build"]]);
  assert.equal(told, 2, "once at first, once for all");
  assert.equal(project.revision.get(), 5);
});

test("a state that is replayed does not hide the newer one that was read", async () => {
  const project = new Project(PROJECT, "p", "/p");
  says.get_status = () => status("R1", 9);
  await project.readStatus();
  project.hear([event("a", 1, "runtime_state_changed", { revision: 3, payload: { state: "failed", reasons: [] } })], "S1");
  assert.equal(project.state.get()?.state, "healthy");
  project.hear([event("a", 2, "runtime_state_changed", { revision: 10, payload: { state: "stale", reasons: [] } })], "S1");
  assert.equal(project.state.get()?.state, "stale");
});

for (const first of /** @type {const} */ (["status", "stream"])) {
  test(`a service that was started anew counts anew, when the ${first} tells it first`, async () => {
    const project = new Project(PROJECT, "p", "/p");
    says.get_status = () => status("R1", 40);
    await project.readStatus();
    project.hear([event("old", 1, "operation_started", { payload: { service: "build" }, revision: 40 })], "S1");
    says.get_status = () => status("R2", 2);
    const read = () => project.readStatus();
    const heard = () => project.hear([event("new", 1, "reconcile_finished", { revision: 2, terminal: true, payload: { status: "ok" } })], "S2");
    for (const one of first === "status" ? [read, heard] : [heard, read]) await one();
    assert.equal(project.revision.get(), 2);
    await eventually(() => project.operations.get().length === 2);
    const old = project.operations.get().find((one) => one.id === "old");
    assert.deepEqual([old?.phase, old?.status, old?.isLost], ["ended", null, true]);
  });
}

test("after a gap everything is read again, and operations whose end was missed are asked for", async () => {
  const project = new Project(PROJECT, "p", "/p");
  /** @type {Set<string>[]} */
  const changed = [];
  project.changed.hear((subjects) => changed.push(subjects));
  says["operations/done"] = () => [200, answer({ operation_id: "done", status: "blocked", summary: "it was blocked" })];
  says["operations/runs"] = () => [202, answer({ operation_id: "runs", status: "running" })];
  says["operations/gone"] = () => [404, answer({ status: "blocked", summary: "no such operation" })];
  for (const id of ["done", "runs", "gone"]) project.hear([event(id, 1, "operation_started", { payload: { service: "build" } })], "S1");
  project.hear([event("gap", 1, "stream_gap", { terminal: true, payload: { from: 1, to: 9, lifecycle: 4 } })], "S1");
  await eventually(() => project.operations.get().filter((one) => one.phase === "ended").length === 2);
  const by = Object.fromEntries(project.operations.get().map((one) => [one.id, [one.phase, one.status, one.isLost]]));
  assert.deepEqual(by, { done: ["ended", "blocked", false], runs: ["running", null, false], gone: ["ended", null, true] });
  assert.deepEqual(project.gaps.get().map((gap) => [gap.lifecycle, gap.isOtherRun, gap.after]), [[4, false, "gone"]]);
  assert.deepEqual([...(changed[0] ?? [])].sort(), ["assets", "build", "findings", "history", "quarantine"]);
});

test("the answer of an operation is had soon after its last event, though it was not there at once", async () => {
  const project = new Project(PROJECT, "p", "/p");
  let isDone = false;
  says.services = () => [202, answer({ operation_id: "op", status: "running" })];
  says["operations/op"] = () => (isDone ? [200, answer({ operation_id: "op", summary: "done" })] : [202, answer({ operation_id: "op", status: "running" })]);
  says = { get_status: () => status("R1", 1), "operations/op": says["operations/op"], services: says.services };
  /** @type {string[]} */
  const begun = [];
  const began = performance.now();
  const running = project.run("build", {}, (id) => begun.push(id));
  await eventually(() => asked.some((one) => one.includes("operations/op")));
  project.hear([event("op", 1, "build_finished", { terminal: true, payload: { status: "ok" } })], "S1");
  setTimeout(() => (isDone = true), 30);
  assert.equal((await running).summary, "done");
  assert.deepEqual(begun, ["op"]);
  assert.ok(performance.now() - began < 2000, "not after the four seconds of one who was not woken");
});

test("waiting for an operation survives that the service is away for a moment", async () => {
  const project = new Project(PROJECT, "p", "/p");
  let n = 0;
  says = { get_status: () => status("R1", 1), "operations/op": () => {
    n += 1;
    if (n < 3) throw new TypeError("away");
    return [200, answer({ operation_id: "op", summary: "done" })];
  }, services: () => [202, answer({ operation_id: "op", status: "running" })] };
  const running = project.run("build", {});
  await eventually(() => n > 0);
  project.readAgain();
  assert.equal((await running).summary, "done");
});

test("progress alone does not make the page ask for the status again and again", async () => {
  // Of another project, whose id no other test has asked with.
  const id = PROJECT.replace(/1$/, "2");
  const project = new Project(id, "p", "/p");
  for (let n = 1; n <= 30; n += 1) project.hear([event("a", n, "progress_updated", { progress: { phase: "import", done: n, total: 30, bytes_done: 0, bytes_total: 0 } })], "S1");
  await new Promise((done) => setTimeout(done, 200));
  assert.deepEqual(asked.filter((one) => one.includes(id)), []);
});
