// @ts-check
// Where the page is: `#/` for all projects, `#/PROJECT/PART?what=…` for a part of one. The browser's history is the page's.

import { signal } from "./signal.js";

/** @typedef {"assets" | "diagnostics" | "activity" | "report" | "quarantine" | "history"} Part */
/** @typedef {{ project: string | null, part: Part, query: URLSearchParams }} Route */

/** @type {Part[]} */
export const PARTS = ["assets", "diagnostics", "activity", "report", "quarantine", "history"];

/**
 * @param {string} hash
 * @returns {Route}
 */
export function read(hash) {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [project, part] = path.split("/").map(decodeURIComponent);
  const known = PARTS.find((one) => one === part) ?? "assets";
  return { project: project || null, part: known, query: new URLSearchParams(query) };
}

/**
 * @param {string} project
 * @param {Part} part
 * @param {Record<string, string | null | undefined>} [query]
 */
export function link(project, part, query = {}) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  const text = search.toString();
  return `#/${encodeURIComponent(project)}/${part}${text ? `?${text}` : ""}`;
}

export const route = signal(read(""), (a, b) => same(a, b));

/**
 * @param {Route} a
 * @param {Route} b
 */
const same = (a, b) => a.project === b.project && a.part === b.part && a.query.toString() === b.query.toString();

/** Follows the address bar from now on. */
export function follow() {
  const look = () => route.set(read(location.hash));
  window.addEventListener("hashchange", look);
  look();
}

/** @param {string} to A link of this page. */
export function go(to) {
  location.hash = to;
}

/**
 * Changes what the address says beside the part, without a step in the browser's history.
 *
 * @param {Record<string, string | null>} query
 */
export function note(query) {
  const { project, part, query: now } = route.get();
  if (!project) return;
  const merged = new URLSearchParams(now);
  for (const [name, value] of Object.entries(query)) {
    if (value) merged.set(name, value);
    else merged.delete(name);
  }
  history.replaceState(null, "", link(project, part, Object.fromEntries(merged)));
  route.set(read(location.hash));
}
