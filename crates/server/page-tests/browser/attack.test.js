// A stranger's page, in the browser that is signed in: it reads nothing and changes nothing.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { test } from "node:test";

import { attacker, everything, openDoor } from "../support/attacker.js";
import { context } from "../support/browser.js";
import { studioTest } from "../support/studio.js";

/** @import { Service } from "../support/service.js" */
/** @import { Page } from "playwright-core" */

/** @param {Service} service */
function aims(service) {
  const project = `/api/v1/projects/${service.project.project_id}`;
  return {
    reads: ["/", "/api/v1/projects", "/api/v1/events", "/api/v1/openapi.json", `${project}/operations/${service.project.project_id}`, `${project}/content/${"0".repeat(64)}`],
    writes: [
      { path: `${project}/services/exclude_asset_from_build`, body: JSON.stringify({ selectors: ["*"] }) },
      { path: `${project}/services/build`, body: JSON.stringify({ full: true }) },
      { path: "/api/v1/projects", body: JSON.stringify({ path: "/tmp", init: false }) },
    ],
  };
}

/**
 * Where the page's own files are.
 *
 * @param {Page} page
 */
const moduleOf = (page) => page.locator("script[type=module]").evaluate((script) => new URL(/** @type {HTMLScriptElement} */ (script).src).pathname);

/**
 * Nothing was done: no operation, no other project, the registry as it was.
 *
 * @param {Service} service
 * @param {string} folder
 * @param {string} registry
 */
async function nothingChanged(service, folder, registry) {
  assert.deepEqual((await service.done("get_history")).data.operations, []);
  const status = (await service.done("get_status", { barrier: true })).data;
  assert.equal(status.last_build, null);
  assert.deepEqual(status.lane, { running: null, queued: [] });
  assert.equal(readFileSync(join(folder, "packwright.registry.json"), "utf8"), registry);
  const answer = await fetch(`${service.origin}/api/v1/projects`, { headers: { authorization: `Bearer ${service.token}` } });
  assert.equal((await answer.json()).data.projects.length, 1);
}

studioTest("a stranger's page reads nothing and changes nothing, from both names of this machine", { hasStrangers: true }, async ({ test, service, folder, page, browser }) => {
  const registry = readFileSync(join(folder, "packwright.registry.json"), "utf8");
  const { origins, loot } = await attacker(test);
  const { reads, writes } = aims(service);
  reads.push(await moduleOf(page));
  // What a stranger's page says in the console is its own.
  const stranger = await browser.newPage();
  for (const origin of origins) {
    await stranger.goto(origin);
    for (const victim of [service.origin, `http://localhost:${service.port}`]) {
      const attempts = await stranger.evaluate(everything, { victim, reads, writes });
      assert.ok(attempts.length > 80);
      assert.deepEqual(attempts.filter(({ got }) => got !== null), [], `${origin} against ${victim}`);
    }
  }
  assert.deepEqual(loot, []);
  await nothingChanged(service, folder, registry);
  // The browser was signed in all the while.
  await page.reload();
  await page.getByRole("heading", { name: "starter", level: 1 }).waitFor();
});

test("the same attempts come through to a service that lets everybody in", { timeout: 60_000 }, async (t) => {
  const { origins } = await attacker(t);
  const { origin, heard } = await openDoor(t);
  const stranger = await (await context(t)).newPage();
  await stranger.goto(origins[1] ?? "");
  const body = '{"a":1}';
  const attempts = await stranger.evaluate(everything, { victim: origin, reads: ["/module", "/style", "/events", "/image"], writes: [{ path: "/write", body }] });
  const got = attempts.filter(({ got }) => got !== null).map(({ name }) => name);
  for (const name of ["cors fetch of /module, credentials include", "XMLHttpRequest of /style", "script of /module", "module of /module", "import of /module", "style of /style", "events of /events", "image of /image", "cors POST of application/json to /write", "DELETE of /write"]) {
    assert.ok(got.includes(name), name);
  }
  // The posts, the blind ones and the beacons too, and the form's.
  assert.ok(heard.filter((one) => one === body).length >= 6, String(heard));
  assert.ok(heard.includes('{"a":1,"":"="}\r\n'), JSON.stringify(heard));
});

studioTest("a window that a stranger opens on the page cannot be read, steered or asked", { hasStrangers: true }, async ({ test, service, folder, browser }) => {
  const registry = readFileSync(join(folder, "packwright.registry.json"), "utf8");
  const { origins } = await attacker(test);
  for (const origin of origins) {
    const stranger = await browser.newPage();
    await stranger.goto(origin);
    await stranger.evaluate((url) => {
      document.querySelector("button")?.addEventListener("click", () => Object.assign(window, { opened: window.open(url, "victim") }));
    }, service.origin);
    const [opened] = await Promise.all([stranger.waitForEvent("popup"), stranger.getByRole("button").click()]);
    await opened.waitForLoadState();
    const got = await stranger.evaluate(() => {
      const { opened } = /** @type {{ opened?: Window | null }} */ (/** @type {unknown} */ (window));
      try {
        return opened?.document?.body.textContent ?? null;
      } catch {
        return null;
      }
    });
    assert.equal(got, null);
    assert.equal(await opened.locator("#app").count(), 0, "a stranger's link opens the page");
    await stranger.close();
    await opened.close();
  }
  await nothingChanged(service, folder, registry);
});

studioTest("a stranger's name that leads to this machine gets nothing", { hasStrangers: true }, async ({ service, folder, browser }) => {
  const registry = readFileSync(join(folder, "packwright.registry.json"), "utf8");
  const rebound = await browser.newPage();
  const answer = await rebound.goto(`http://rebound.test:${service.port}/`);
  assert.equal(answer?.status(), 403);
  assert.equal(await rebound.locator("#app").count(), 0);
  const { reads, writes } = aims(service);
  const attempts = await rebound.evaluate(async ({ reads, writes }) => {
    const got = [];
    for (const path of reads) got.push((await fetch(path, { credentials: "include" })).status);
    for (const { path, body } of writes) got.push((await fetch(path, { method: "POST", body, headers: { "content-type": "application/json" } })).status);
    return got;
  }, { reads, writes });
  assert.deepEqual([...new Set(attempts)], [403]);
  await nothingChanged(service, folder, registry);
});

studioTest("programs that name another host, no token or a wrong one are refused on every route", {}, async ({ service, page }) => {
  const { reads, writes } = aims(service);
  const paths = [...reads, ...writes.map(({ path }) => path), await moduleOf(page), "/nowhere"];
  const bearer = { authorization: `Bearer ${service.token}` };
  /** @type {[number, Record<string, string>][]} */
  const ways = [
    [403, { ...bearer, host: `rebound.test:${service.port}` }],
    [403, { ...bearer, host: "127.0.0.1" }],
    [403, { ...bearer, host: `127.0.0.1:${service.port}`, origin: "null" }],
    [403, { ...bearer, host: `127.0.0.1:${service.port}`, origin: "http://rebound.test" }],
    [403, { ...bearer, host: `127.0.0.1:${service.port}`, "sec-fetch-site": "same-site" }],
    [401, { host: `127.0.0.1:${service.port}` }],
    [401, { host: `127.0.0.1:${service.port}`, authorization: `Bearer ${service.token.slice(0, -1)}` }],
  ];
  for (const path of paths) {
    for (const [status, headers] of ways) assert.equal(await statusOf(service.port, path, headers), status, `${path} ${JSON.stringify(headers)}`);
  }
});

/**
 * The status of a GET with exactly these headers.
 *
 * @param {number} port
 * @param {string} path
 * @param {Record<string, string>} headers
 */
function statusOf(port, path, headers) {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port, path, headers, setHost: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    request.on("error", reject);
    request.end();
  });
}
