// @ts-check
// What stands at the place of a finding, where it can be had: the line of a source, by the hash of its bytes; or of a
// manifest that parses, what it says at the place's pointer. Of other files only the place is known.

/** @import { Project } from "../project.js" */
/** @import { Diagnostic, Location } from "../types.js" */

import { h } from "../dom.js";

/** Larger files are not fetched for one line of them. */
const MOST_BYTES = 2 << 20;
/** A longer line is cut around the place. */
const LONGEST = 400;

/** @param {Diagnostic} finding */
export function mayHaveLine({ asset, location, code }) {
  if (!asset || !location || location.line === undefined) return false;
  return isManifest(location) ? Boolean(location.pointer) && code !== "S204" : location.path.includes(`${asset.root}/`);
}

/** @param {Location} location */
const isManifest = (location) => location.path.endsWith("/asset.json");

/**
 * @param {Project} project
 * @param {Diagnostic} finding
 * @param {AbortSignal} until
 * @returns {Promise<HTMLElement | null>}
 */
export async function lineOf(project, finding, until) {
  const { asset, location } = finding;
  if (!asset || !location) return null;
  const ask = (/** @type {{ hashes?: boolean }} */ more) => project.call("get_asset_details", { selector: `root:${asset.root}`, ...more }, until);
  const details = await ask({});
  if (details.status !== "ok") return null;
  if (isManifest(location)) {
    const value = location.pointer ? valueAt(details.data.manifest, location.pointer) : undefined;
    return value === undefined ? null : snippet(location, `${location.pointer?.slice(1)}: ${JSON.stringify(value)}`, `What ${location.path} says at ${location.pointer}`);
  }
  const fileOf = (/** @type {typeof details} */ answer) => answer.data.files?.find((one) => one.path === location.path);
  let file = fileOf(details);
  if (!file || file.size > MOST_BYTES) return null;
  // What was not read since it changed has no hash yet.
  if (!file.hash) file = fileOf(await ask({ hashes: true }));
  if (!file?.hash) return null;
  const answer = await fetch(project.contentUrl(file.hash), { signal: until });
  if (!answer.ok) return null;
  const line = (await answer.text()).split("\n")[(location.line ?? 1) - 1];
  return line === undefined ? null : snippet(location, line.trimEnd(), `Line ${location.line} of ${location.path}`, true);
}

/**
 * @param {unknown} value
 * @param {string} pointer A JSON pointer.
 * @returns {unknown}
 */
export function valueAt(value, pointer) {
  let at = value;
  for (const step of pointer.split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (at === null || typeof at !== "object" || !Object.hasOwn(at, name)) return undefined;
    at = /** @type {Record<string, unknown>} */ (at)[name];
  }
  return at;
}

/**
 * The characters of a line before, in and behind a span; columns count characters from 1.
 *
 * @param {string} line
 * @param {number} column
 * @param {number} end
 */
export function spanOf(line, column, end) {
  const all = [...line];
  const from = Math.min(Math.max(column - 1, 0), all.length);
  const to = Math.min(Math.max(end - 1, from + 1), all.length);
  const first = Math.max(0, from - LONGEST / 2);
  const last = Math.min(all.length, Math.max(to, first + LONGEST));
  return {
    before: (first ? "…" : "") + all.slice(first, from).join(""),
    marked: all.slice(from, Math.min(to, last)).join(""),
    after: all.slice(Math.min(to, last), last).join("") + (last < all.length ? "…" : ""),
  };
}

/**
 * @param {Location} location
 * @param {string} text
 * @param {string} label
 * @param {boolean} [isWhole] Whether it is the line as it stands in the file, so that columns hold.
 */
function snippet({ line = 1, column = 1, end_line, end_column }, text, label, isWhole = false) {
  const end = end_line === line ? (end_column ?? column + 1) : Infinity;
  const { before, marked, after } = isWhole ? spanOf(text, column, end) : { before: text, marked: "", after: "" };
  return h(
    "pre",
    { class: "finding-snippet", tabindex: "0", role: "region", "aria-label": label },
    h("span", { class: "finding-snippet-line", "aria-hidden": "true" }, line),
    h("code", null, before, marked ? h("mark", null, marked) : null, after),
  );
}
