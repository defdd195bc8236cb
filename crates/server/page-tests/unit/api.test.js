// What each kind of answer of the service becomes.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import * as api from "../../page/js/api.js";

const real = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = real;
});

/** @type {{ url: string, options: RequestInit }[]} */
let asked = [];

/**
 * @param {number} status
 * @param {unknown} body
 */
function answers(status, body) {
  asked = [];
  globalThis.fetch = async (url, options) => {
    asked.push({ url: String(url), options: options ?? {} });
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
  };
}

test("what is blocked or failed is an answer and no error", async () => {
  for (const [http, status] of /** @type {const} */ ([[200, "ok"], [409, "blocked"], [422, "blocked"], [500, "failed"]])) {
    answers(http, { status });
    assert.equal((await api.call("p", "get_status", {})).status, status);
  }
});

test("a service is asked by a POST of JSON to its project", async () => {
  answers(200, { status: "ok" });
  await api.call("a/b", "doctor", { scope: "workspace" });
  assert.equal(asked[0]?.url, "/api/v1/projects/a%2Fb/services/doctor");
  assert.equal(asked[0]?.options.method, "POST");
  assert.deepEqual(asked[0]?.options.headers, { "content-type": "application/json" });
  assert.equal(asked[0]?.options.body, '{"scope":"workspace"}');
});

test("an operation that goes on says so", async () => {
  answers(202, { operation_id: "o" });
  assert.deepEqual(await api.submit("p", "build", {}), { isRunning: true, response: { operation_id: "o" } });
  assert.equal(new Headers(asked[0]?.options.headers).get("prefer"), "respond-async");
  assert.equal((await api.operation("p", "o")).isRunning, true);
  answers(200, { status: "ok" });
  assert.equal((await api.submit("p", "build", {})).isRunning, false);
  assert.equal((await api.operation("p", "o")).isRunning, false);
});

test("cancelling is a DELETE of the operation", async () => {
  answers(200, { status: "ok" });
  await api.cancel("p", "o");
  assert.equal(asked[0]?.options.method, "DELETE");
  assert.equal(asked[0]?.url, "/api/v1/projects/p/operations/o");
});

test("a browser that is not known is signed out", async () => {
  answers(401, { status: "blocked" });
  await assert.rejects(api.call("p", "get_status", {}), api.SignedOut);
});

test("no answer, and half an answer, are unreachable", async () => {
  globalThis.fetch = async () => {
    throw new TypeError("failed to fetch");
  };
  await assert.rejects(api.call("p", "get_status", {}), api.Unreachable);
  answers(200, '{"status": "o');
  await assert.rejects(api.call("p", "get_status", {}), api.Unreachable);
});

test("who stops waiting gets the stop and not an outage", async () => {
  const stop = new AbortController();
  stop.abort();
  globalThis.fetch = async (_, options) => {
    options?.signal?.throwIfAborted();
    return new Response("{}");
  };
  await assert.rejects(api.call("p", "get_status", {}, stop.signal), { name: "AbortError" });
});

test("addresses of contents hold no more than their hash", () => {
  assert.equal(api.contentUrl("p", "blake3:ab"), "/api/v1/projects/p/content/blake3%3Aab");
  assert.equal(api.thumbnailUrl("p", "../x"), "/api/v1/projects/p/content/..%2Fx/thumbnail");
});
