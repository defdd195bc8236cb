// @ts-check
// Rules and words of assets, as the service has them: what an address may be, what an edit changes, why something was
// made anew. Knows no elements.

/** @import { ListFilter, PartDetails } from "../types.js" */

const SEGMENT = /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/;
export const ADDRESS_BYTES = 256;

/**
 * What is wrong with an address; null where nothing is.
 *
 * @param {string} address
 */
export function addressTrouble(address) {
  if (address === "") return "An address is needed.";
  if (new TextEncoder().encode(address).length > ADDRESS_BYTES) return `An address has at most ${ADDRESS_BYTES} bytes.`;
  if (address.startsWith("/") || address.endsWith("/")) return "An address neither begins nor ends with a slash.";
  for (const segment of address.split("/")) {
    if (segment === "") return "There is nothing between two slashes.";
    if (/[A-Z]/.test(segment)) return `Only lower-case letters: “${segment}”.`;
    const strange = /[^a-z0-9._-]/u.exec(segment);
    if (strange) return `“${strange[0]}” cannot stand in an address: a to z, 0 to 9, “.”, “_”, “-” can.`;
    if (segment.includes("..")) return `Two dots cannot follow each other: “${segment}”.`;
    if (!SEGMENT.test(segment)) return `A segment begins and ends with a letter or a digit: “${segment}”.`;
  }
  return null;
}

/**
 * What has to be set so that settings become others; null takes out. Null where they are the same.
 *
 * @param {Record<string, any>} before
 * @param {Record<string, any>} after
 * @returns {Record<string, any> | null}
 */
export function settingsChange(before, after) {
  /** @type {Record<string, any>} */
  const change = {};
  for (const importer of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[importer], after[importer]];
    if (same(old, now)) continue;
    if (now === undefined) change[importer] = null;
    else if (!isObject(old) || !isObject(now)) change[importer] = now;
    else {
      /** @type {Record<string, any>} */
      const members = {};
      for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
        if (!same(old[name], now[name])) members[name] = now[name] === undefined ? null : now[name];
      }
      change[importer] = members;
    }
  }
  return Object.keys(change).length ? change : null;
}

/**
 * Settings out of the text of a field, or what is wrong with it.
 *
 * @param {string} text
 * @returns {{ settings: Record<string, any>, trouble: null } | { settings: null, trouble: string }}
 */
export function readSettings(text) {
  if (text.trim() === "") return { settings: {}, trouble: null };
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { settings: null, trouble: `Not JSON: ${jsonTrouble(text, error)}` };
  }
  if (!isObject(value)) return { settings: null, trouble: "Settings are an object: an importer's name, and its settings." };
  for (const [importer, members] of Object.entries(value)) {
    if (!isObject(members)) return { settings: null, trouble: `The settings of “${importer}” are an object.` };
  }
  return { settings: value, trouble: null };
}

/**
 * @param {string} text
 * @param {unknown} error
 */
function jsonTrouble(text, error) {
  const said = error instanceof Error ? error.message : String(error);
  const at = /position (\d+)/.exec(said);
  if (!at) return said;
  const before = text.slice(0, Number(at[1])).split("\n");
  const what = said.replace(/^JSON\.parse: /, "").replace(/ (in JSON )?at position.*$/s, "");
  return `${what}, line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** @param {unknown} value @returns {value is Record<string, any>} */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Whether two values of JSON are the same; the order of members says nothing.
 *
 * @param {any} a
 * @param {any} b
 * @returns {boolean}
 */
export function same(a, b) {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, at) => same(one, b[at]));
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => name in b && same(a[name], b[name]));
}

/**
 * What the form says of a manifest.
 *
 * @typedef {{ address: string, labels: string[], preload: boolean, importer: any, settings: Record<string, any> }} Said
 */

/**
 * @param {Record<string, any>} manifest
 * @returns {Said}
 */
export function saidBy(manifest) {
  const { address, labels, preload, importer, settings } = manifest;
  return {
    address: typeof address === "string" ? address : "",
    labels: Array.isArray(labels) ? labels.map(String) : [],
    preload: preload === true,
    importer: importer ?? "auto",
    settings: isObject(settings) ? settings : {},
  };
}

/**
 * The `set` of an edit: only what changes. Null where nothing does.
 *
 * @param {Said} before
 * @param {Said} after
 * @returns {Record<string, any> | null}
 */
export function editOf(before, after) {
  /** @type {Record<string, any>} */
  const set = {};
  if (after.address !== before.address) set.address = after.address;
  if (!same(after.labels, before.labels)) set.labels = after.labels;
  if (after.preload !== before.preload) set.preload = after.preload;
  if (!same(after.importer, before.importer)) set.importer = after.importer;
  const settings = settingsChange(before.settings, after.settings);
  if (settings) set.settings = settings;
  return Object.keys(set).length ? set : null;
}

/**
 * Why a part was made anew, in words: what the service said is `WORD` or `WORD: WHAT`.
 *
 * @param {string} reason
 * @returns {{ text: string, what: string | null }}
 */
export function reasonWords(reason) {
  const colon = reason.indexOf(": ");
  const [word, what] = colon < 0 ? [reason, null] : [reason.slice(0, colon), reason.slice(colon + 2)];
  const text = REASONS[word] ?? word.replaceAll("_", " ");
  return { text, what };
}

/** @type {Record<string, string>} */
const REASONS = {
  new: "no earlier build had it",
  source_changed: "its source changed",
  settings_changed: "a setting changed",
  importer_changed: "another importer takes it",
  importer_version: "the importer is another version",
  codec_changed: "the compression changed",
  cache_lost: "what was made before was gone or damaged",
  full: "the build was told to make everything",
};

const PICTURES = new Set(["png", "jpg", "jpeg", "bmp", "tga", "gif", "qoi", "webp"]);
const SOUNDS = new Set(["wav", "ogg", "oga", "flac", "mp3"]);
/** What browsers show by themselves; of others the service makes a picture. */
const SHOWN = new Set(["png", "jpg", "jpeg", "bmp", "gif", "webp"]);

/** @param {string} path */
export const extension = (path) => (/\.([^./]+)$/.exec(path)?.[1] ?? "").toLowerCase();

/** @param {string} path */
export const isShownByBrowsers = (path) => SHOWN.has(extension(path));

/**
 * What a source can be shown as: by what its part says, else by its name.
 *
 * @param {string} path
 * @param {PartDetails | undefined} part
 * @returns {"image" | "audio" | null}
 */
export function shownAs(path, part) {
  if (part?.metadata && "width" in part.metadata) return "image";
  if (part?.metadata && "rate" in part.metadata) return "audio";
  if (PICTURES.has(extension(path))) return "image";
  return SOUNDS.has(extension(path)) ? "audio" : null;
}

/**
 * The path of a file relative to its asset's root.
 *
 * @param {string} path Relative to the workspace.
 * @param {string} root Relative to the assets folder.
 */
export function within(path, root) {
  const at = `/${path}`.indexOf(`/${root}/`);
  return at < 0 ? path : path.slice(at + root.length + 1);
}

/** @typedef {"all" | "included" | "excluded" | "unregistered" | "quarantined"} Shown */

/** What is asked of the list. @typedef {{ text: string, shown: Shown, problems: boolean, label: string, importer: string, state: string }} Wanted */

/** @type {Record<Shown, ListFilter>} */
const SHOWN_AS = {
  all: { quarantined: false },
  included: { included: true },
  excluded: { registered: true, included: false },
  unregistered: { registered: false, quarantined: false },
  quarantined: { quarantined: true },
};

/**
 * @param {Wanted} wanted
 * @returns {ListFilter}
 */
export function filterOf({ text, shown, problems, label, importer, state }) {
  return {
    ...SHOWN_AS[shown],
    ...(text.trim() ? { text: text.trim() } : {}),
    ...(problems ? { problems } : {}),
    ...(label ? { label } : {}),
    ...(importer ? { importer } : {}),
    ...(state ? { state: /** @type {import("../types.js").State} */ (state) } : {}),
  };
}

/** Whether less than everything is asked for. @param {Wanted} wanted */
export const isNarrow = ({ text, shown, problems, label, importer, state }) =>
  Boolean(text.trim() || shown !== "all" || problems || label || importer || state);

/**
 * What is known of a part's content, as people say it; what has no words of its own stands as it is.
 *
 * @param {Record<string, unknown>} metadata
 */
export function metadataWords(metadata) {
  const { width, height, color, rate, channels, frames, ...rest } = metadata;
  /** @type {string[]} */
  const words = [];
  if (typeof width === "number" && typeof height === "number") words.push(`${width} × ${height}`);
  if (color !== undefined) words.push(String(color));
  else if (typeof channels === "number") words.push(channels === 1 ? "mono" : channels === 2 ? "stereo" : `${channels} channels`);
  if (typeof rate === "number") words.push(`${rate / 1000} kHz`);
  const seconds = secondsOf(metadata);
  if (seconds !== null) words.push(seconds < 60 ? `${seconds.toFixed(seconds < 10 ? 2 : 1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`);
  else if (frames !== undefined) words.push(`frames ${frames}`);
  for (const [name, value] of Object.entries(rest)) words.push(`${name.replaceAll("_", " ")} ${typeof value === "object" ? JSON.stringify(value) : value}`);
  return words.join(" · ");
}

/**
 * How long a sound is, where its part says so.
 *
 * @param {Record<string, unknown>} metadata
 */
export function secondsOf({ frames, rate }) {
  return typeof frames === "number" && typeof rate === "number" && rate > 0 ? frames / rate : null;
}

/**
 * What becomes of an edit in progress when the manifest changed meanwhile: what a person touched stays, the rest is as
 * the manifest has it now.
 *
 * @param {Said} base What the manifest said when the edit began.
 * @param {Said} edited
 * @param {Said} now
 * @returns {Said}
 */
export function rebased(base, edited, now) {
  const of = (/** @type {keyof Said} */ name) => (same(edited[name], base[name]) ? now[name] : edited[name]);
  return { address: of("address"), labels: of("labels"), preload: of("preload"), importer: of("importer"), settings: of("settings") };
}
