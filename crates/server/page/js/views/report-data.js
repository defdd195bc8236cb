// @ts-check
// The report of the last build, as the service gives it, made ready for the page.
//
// What a build said of itself and what is known of its pack are two files of the service; each may be gone without the
// other, so each part of the report may be missing.

/** @import { PackData } from "../types.js" */

/**
 * @typedef {object} ReportAsset
 * @property {string} root Where it lies; its address, where it is not registered any more.
 * @property {boolean} isThere Whether it still is registered.
 * @property {string} address
 * @property {number} bytes
 * @property {number} stored Bytes in the pack.
 * @property {number} parts
 * @property {string} kind
 * @property {string} format The format that takes most of it.
 */
/** What is not listed one by one. @typedef {{ folder: string, kind: string, n: number, bytes: number }} ReportRest */
/** @typedef {{ operation: string, at: string, ms: number, outcome: string, pack: PackData, hits: number, misses: number, reasons: [string, number][] }} Built */
/** @typedef {{ address: string, root: string | null, source: string, importer: string, reason: string, ms: number }} Import */
/** @typedef {{ address: string, root: string | null, name: string, format: string, bytes: number, stored: number }} Part */
/** @typedef {{ hash: string, format: string, bytes: number, n: number, wasted: number, assets: { address: string, root: string | null }[] }} Duplicate */
/** @typedef {{ address: string, root: string | null, delta: number }} Change */
/** @typedef {{ total: number, delta: number, assets: Change[] }} ChangeGroup */
/** @typedef {{ since: string, delta: number, added: ChangeGroup, removed: ChangeGroup, changed: ChangeGroup }} Changes */
/**
 * @typedef {object} Report
 * @property {Built | null} built
 * @property {Import[]} slowest
 * @property {Part[]} biggest
 * @property {Duplicate[]} duplicates
 * @property {number} duplicatesTotal
 * @property {number} wasted
 * @property {ReportAsset[]} assets
 * @property {ReportRest[]} rest
 * @property {{ kind: string, formats: string[], bytes: number, parts: number }[]} kinds The largest first.
 * @property {number} stored All that the assets take in the pack.
 * @property {Changes | null} changes
 */

/** @type {Record<string, string[]>} */
const FORMATS = {
  image: ["png", "jpeg", "bmp", "tga", "gif", "qoi", "webp", "rgba8", "dds", "ktx2", "svg"],
  audio: ["wav", "ogg", "flac", "mp3", "opus", "pcm_s16", "pcm_f32"],
  data: ["json", "toml", "yaml", "xml", "csv", "ron", "cbor"],
  text: ["text", "utf8"],
};

/**
 * The kind of thing that a format is of; those that nobody here knows are bytes kept as they are.
 *
 * @param {string | null | undefined} format
 */
export function kindOf(format) {
  const found = Object.entries(FORMATS).find(([, all]) => format && all.includes(format));
  return found?.[0] ?? "raw";
}

/**
 * @param {any} data Of `get_build_report`.
 * @returns {Report | null} Null before the first build.
 */
export function read(data) {
  const { last_build: last, composition } = data ?? {};
  if (!last && !composition) return null;
  /** @type {ReportAsset[]} */
  const assets = list(composition?.assets).map((one) => ({
    root: one.root ?? one.address, isThere: one.root !== null, address: one.address, bytes: one.bytes, stored: one.stored_bytes,
    parts: one.parts, kind: kindOf(one.kind), format: one.kind ?? "",
  }));
  const roots = new Map(assets.filter((one) => one.isThere).map((one) => [one.address, one.root]));
  /** @param {string} address */
  const named = (address) => ({ address, root: roots.get(address) ?? null });
  const rest = list(composition?.rest).map((one) => ({ folder: one.folder, kind: "mixed", n: one.assets, bytes: one.stored_bytes }));
  return {
    built: last ? { operation: last.operation_id, at: last.at, ms: last.elapsed_ms, outcome: last.outcome, pack: last.pack, hits: last.cache.hits, misses: last.cache.misses, reasons: /** @type {[string, number][]} */ (Object.entries(last.reasons)).sort((a, b) => b[1] - a[1]) } : null,
    slowest: list(data.slowest).map((one) => ({ ...named(one.address), source: one.source, importer: one.importer, reason: one.reason, ms: one.elapsed_ms })),
    biggest: list(data.biggest).map((one) => ({ ...named(one.address), name: one.name, format: one.format, bytes: one.bytes, stored: one.stored_bytes })),
    duplicates: list(data.duplicates).map((one) => ({ hash: one.hash, format: one.format, bytes: one.bytes, n: one.n, wasted: one.wasted_bytes, assets: list(one.addresses).map(named) })),
    duplicatesTotal: data.duplicates_total ?? 0, wasted: data.wasted_bytes ?? 0,
    assets, rest, kinds: kindsOf(list(composition?.kinds)),
    stored: [...assets.map((one) => one.stored), ...rest.map((one) => one.bytes)].reduce((sum, n) => sum + n, 0),
    changes: data.changes ? changesOf(data.changes, named) : null,
  };
}

/** @param {unknown} value @returns {any[]} */
const list = (value) => (Array.isArray(value) ? value : []);

/** @param {{ format: string, parts: number, stored_bytes: number }[]} formats */
function kindsOf(formats) {
  /** @type {Map<string, { kind: string, formats: string[], bytes: number, parts: number }>} */
  const all = new Map();
  for (const { format, parts, stored_bytes: bytes } of formats) {
    const kind = kindOf(format);
    const one = all.get(kind) ?? { kind, formats: [], bytes: 0, parts: 0 };
    all.set(kind, { kind, formats: [...one.formats, format], bytes: one.bytes + bytes, parts: one.parts + parts });
  }
  return [...all.values()].sort((a, b) => b.bytes - a.bytes);
}

/**
 * @param {any} said
 * @param {(address: string) => { address: string, root: string | null }} named
 * @returns {Changes}
 */
function changesOf({ since, added, removed, changed }, named) {
  /** @param {any} one @returns {ChangeGroup} */
  const group = (one) => ({ total: one.total, delta: one.bytes, assets: list(one.assets).map(({ address, before, after }) => ({ ...named(address), delta: after - before })) });
  return { since, delta: added.bytes + removed.bytes + changed.bytes, added: group(added), removed: group(removed), changed: group(changed) };
}
