// A stranger's page, on another port of this machine, that tries whatever a page may try.

import { createServer } from "node:http";

/** @typedef {{ name: string, got: string | null }} Attempt What came of it; null is nothing. */

/**
 * Serves the stranger's page on both names of this machine.
 *
 * @param {{ after: (work: () => unknown) => void }} test
 */
export async function attacker(test) {
  /** What other windows sent here. @type {string[]} */
  const loot = [];
  const server = createServer((request, answer) => {
    if (request.url?.startsWith("/loot")) loot.push(request.url);
    answer.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    answer.end("<!doctype html><title>stranger</title><button>win a prize</button><div id=ground></div>");
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
  test.after(() => server.close());
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { port, loot, origins: [`http://127.0.0.1:${port}`, `http://localhost:${port}`] };
}

/**
 * A service that lets everybody in: against it the same attempts must come through, or they prove nothing.
 *
 * @param {{ after: (work: () => unknown) => void }} test
 */
export async function openDoor(test) {
  /** The bodies of what was posted. @type {string[]} */
  const heard = [];
  const server = createServer(async (request, answer) => {
    let body = "";
    for await (const part of request) body += part;
    if (request.method === "POST") heard.push(body);
    answer.writeHead(200, {
      "access-control-allow-origin": request.headers.origin ?? "*",
      "access-control-allow-credentials": "true",
      "access-control-allow-headers": "content-type",
      "access-control-allow-methods": "DELETE",
      "content-type": { "/module": "text/javascript", "/style": "text/css", "/events": "text/event-stream", "/image": "image/svg+xml" }[request.url ?? ""] ?? "application/json",
    });
    answer.end(request.url === "/image" ? '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>' : request.url === "/module" ? "export const a = 1;" : "{}");
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
  test.after(() => server.close());
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { origin: `http://127.0.0.1:${port}`, heard };
}

/**
 * Runs in the stranger's page: everything that sends or reads without a click. `writes` are requests that would change
 * something if they were heard.
 *
 * @param {{ victim: string, reads: string[], writes: { path: string, body: string }[] }} aims
 * @returns {Promise<Attempt[]>}
 */
export async function everything({ victim, reads, writes }) {
  /** @type {Attempt[]} */
  const attempts = [];
  const ground = /** @type {HTMLElement} */ (document.getElementById("ground"));
  /**
   * @param {string} name
   * @param {() => Promise<string | null>} attempt
   */
  const attack = async (name, attempt) => {
    attempts.push({ name, got: await attempt().catch(() => null) });
  };
  /**
   * Something that is loaded by an element: got, if it loads.
   *
   * @param {HTMLElement} element
   * @param {string} attribute
   * @param {string} url
   * @returns {Promise<string | null>}
   */
  const loaded = (element, attribute, url) =>
    new Promise((done) => {
      element.addEventListener("load", () => done("loaded"));
      element.addEventListener("loadeddata", () => done("loaded"));
      element.addEventListener("error", () => done(null));
      element.setAttribute(attribute, url);
      ground.append(element);
    });
  /**
   * A frame always loads something: got, if it can be looked into, or if it has a page of the service in it.
   *
   * @param {HTMLIFrameElement} frame
   * @param {() => void} go
   * @returns {Promise<string | null>}
   */
  const framed = (frame, go) =>
    new Promise((done) => {
      // An empty frame has loaded as soon as it is there.
      ground.append(frame);
      frame.addEventListener("load", () => {
        try {
          done(frame.contentDocument?.body.textContent || null);
        } catch {
          done(null);
        }
      });
      go();
    });

  for (const path of reads) {
    const url = victim + path;
    for (const credentials of /** @type {const} */ (["include", "omit"])) {
      await attack(`cors fetch of ${path}, credentials ${credentials}`, async () => (await fetch(url, { credentials })).text());
      await attack(`blind fetch of ${path}, credentials ${credentials}`, async () => (await (await fetch(url, { credentials, mode: "no-cors" })).text()) || null);
    }
    await attack(`XMLHttpRequest of ${path}`, () => new Promise((done) => {
      const request = new XMLHttpRequest();
      request.withCredentials = true;
      request.onload = () => done(request.responseText);
      request.onerror = () => done(null);
      request.open("GET", url);
      request.send();
    }));
    await attack(`image of ${path}`, () => loaded(document.createElement("img"), "src", url));
    await attack(`sound of ${path}`, () => loaded(document.createElement("audio"), "src", url));
    await attack(`script of ${path}`, () => loaded(document.createElement("script"), "src", url));
    await attack(`module of ${path}`, () => loaded(Object.assign(document.createElement("script"), { type: "module" }), "src", url));
    await attack(`import of ${path}`, async () => Object.keys(await import(url)).join());
    await attack(`style of ${path}`, () => loaded(Object.assign(document.createElement("link"), { rel: "stylesheet" }), "href", url));
    await attack(`frame of ${path}`, () => {
      const frame = document.createElement("iframe");
      return framed(frame, () => (frame.src = url));
    });
    await attack(`events of ${path}`, () => new Promise((done) => {
      const events = new EventSource(url, { withCredentials: true });
      const end = (/** @type {string | null} */ got) => (events.close(), done(got));
      events.onopen = () => end("opened");
      events.onmessage = () => end("heard");
      events.onerror = () => end(null);
    }));
    await attack(`socket of ${path}`, () => new Promise((done) => {
      const socket = new WebSocket(url.replace("http", "ws"));
      socket.onopen = () => done("opened");
      socket.onerror = () => done(null);
    }));
  }
  for (const { path, body } of writes) {
    const url = victim + path;
    for (const type of ["application/json", "text/plain", "application/x-www-form-urlencoded"]) {
      for (const mode of /** @type {const} */ (["cors", "no-cors"])) {
        const options = /** @type {RequestInit} */ ({ method: "POST", credentials: "include", mode, body, headers: { "content-type": type } });
        await attack(`${mode} POST of ${type} to ${path}`, async () => (await (await fetch(url, options)).text()) || null);
      }
      await attack(`beacon of ${type} to ${path}`, async () => (navigator.sendBeacon(url, new Blob([body], { type })), null));
    }
    await attack(`DELETE of ${path}`, async () => (await fetch(url, { method: "DELETE", credentials: "include" })).text());
    // A form can send JSON as text: the name of its field is what comes before the `=`, its value what comes after.
    await attack(`form to ${path}`, () => {
      const frame = Object.assign(document.createElement("iframe"), { name: `frame-${ground.childElementCount}` });
      const form = Object.assign(document.createElement("form"), { method: "POST", action: url, enctype: "text/plain", target: frame.name });
      const [before = "", after = ""] = body.replace(/\}$/, ',"":"=').split("=");
      form.append(Object.assign(document.createElement("input"), { name: before, value: `${after}"}` }));
      ground.append(form);
      return framed(frame, () => form.submit());
    });
  }
  return attempts;
}
