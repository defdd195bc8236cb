// @ts-check
// The report of the last build, as the service gives it, made ready for the page.

/** @import { PackData } from "../types.js" */

/** @typedef {{ root: string, address: string, id: number | null, bytes: number, stored: number, parts: number, kind: string }} ReportAsset */
/** What is not listed one by one. @typedef {{ folder: string, kind: string, n: number, bytes: number }} ReportRest */
/** @typedef {{ address: string, root: string | null, source: string, importer: string, reason: string, ms: number | null }} Import */
/** @typedef {{ address: string, root: string | null, name: string, format: string, bytes: number, stored: number }} Part */
/** @typedef {{ hash: string, bytes: number, n: number, wasted: number, addresses: string[] }} Duplicate */
/** @typedef {{ address: string, root: string | null, delta: number, bytes: number }} Change */
/**
 * @typedef {object} Changes
 * @property {number} delta In bytes of the pack.
 * @property {string | null} since When the build before was.
 * @property {Change[]} added
 * @property {Change[]} removed
 * @property {Change[]} changed
 * @property {{ added: number, removed: number, changed: number }} totals
 */
/**
 * @typedef {object} Report
 * @property {string | null} operation
 * @property {string} at
 * @property {number} ms
 * @property {PackData} pack
 * @property {number} hits
 * @property {number} misses
 * @property {[string, number][]} reasons The most frequent first.
 * @property {Import[]} slowest
 * @property {Part[]} biggest
 * @property {Duplicate[]} duplicates
 * @property {ReportAsset[]} assets
 * @property {ReportRest[]} rest
 * @property {{ kind: string, bytes: number, n: number }[]} kinds The largest first.
 * @property {Changes | null} changes Null where there was no build before.
 */

export const KINDS = ["image", "audio", "data", "text", "raw", "mixed"];

/** @param {unknown} kind */
const kindOf = (kind) => (typeof kind === "string" && KINDS.includes(kind) ? kind : "raw");

/**
 * @param {any} data
 * @returns {Report | null} Null before the first build.
 */
export function read(data) {
  if (!data?.pack) return null;
  /** @type {ReportAsset[]} */
  const assets = list(data.assets).map((one) => ({
    root: one.root ?? one.address ?? String(one.asset_id), address: one.address ?? one.root, id: one.asset_id ?? null,
    bytes: one.bytes ?? 0, stored: one.stored_bytes ?? one.bytes ?? 0, parts: one.parts ?? 0, kind: kindOf(one.kind),
  }));
  const roots = new Map(assets.map((one) => [one.address, one.root]));
  /** @param {string} address @returns {string | null} */
  const rootOf = (address) => roots.get(address) ?? null;
  /** @type {ReportRest[]} */
  const rest = list(data.rest).map((one) => ({ folder: one.folder ?? "", kind: kindOf(one.kind), n: one.assets ?? one.n ?? 0, bytes: one.stored_bytes ?? one.bytes ?? 0 }));
  return {
    operation: data.operation_id ?? null, at: data.at, ms: data.elapsed_ms ?? 0, pack: data.pack,
    hits: data.hits ?? data.cache?.hits ?? 0, misses: data.misses ?? data.cache?.misses ?? 0,
    reasons: /** @type {[string, number][]} */ (Object.entries(data.reasons ?? {})).sort((a, b) => b[1] - a[1]),
    slowest: list(data.slowest).map((one) => ({ address: one.address, root: one.root ?? rootOf(one.address), source: one.source, importer: one.importer, reason: one.reason, ms: one.elapsed_ms ?? null })),
    biggest: list(data.biggest).map((one) => ({ address: one.address, root: one.root ?? rootOf(one.address), name: one.name, format: one.format, bytes: one.bytes, stored: one.stored_bytes ?? one.bytes })),
    duplicates: list(data.duplicates).map((one) => ({ hash: one.hash, bytes: one.bytes, n: one.n, wasted: one.wasted_bytes, addresses: one.addresses ?? [] })),
    assets, rest, kinds: kindsOf(data, assets, rest), changes: changesOf(data.changes, rootOf),
  };
}

/** @param {unknown} value @returns {any[]} */
const list = (value) => (Array.isArray(value) ? value : []);

/**
 * @param {any} data
 * @param {ReportAsset[]} assets
 * @param {ReportRest[]} rest
 */
function kindsOf(data, assets, rest) {
  /** @type {Map<string, { kind: string, bytes: number, n: number }>} */
  const all = new Map();
  /** @param {string} kind @param {number} bytes @param {number} n */
  const add = (kind, bytes, n) => {
    const one = all.get(kind) ?? { kind, bytes: 0, n: 0 };
    all.set(kind, { kind, bytes: one.bytes + bytes, n: one.n + n });
  };
  const said = list(data.kinds ?? data.by_kind);
  if (said.length) for (const one of said) add(kindOf(one.kind), one.stored_bytes ?? one.bytes ?? 0, one.assets ?? one.n ?? 0);
  else {
    for (const one of assets) add(one.kind, one.stored, 1);
    for (const one of rest) add(one.kind, one.bytes, one.n);
  }
  return [...all.values()].sort((a, b) => b.bytes - a.bytes);
}

/**
 * @param {any} said
 * @param {(address: string) => string | null} rootOf
 * @returns {Changes | null}
 */
function changesOf(said, rootOf) {
  if (!said) return null;
  /** @param {any} one @param {(one: any) => number} delta @returns {Change} */
  const change = (one, delta) => ({ address: one.address, root: one.root ?? rootOf(one.address), delta: delta(one), bytes: one.bytes ?? one.after ?? one.before ?? 0 });
  const added = list(said.added).map((one) => change(one, () => one.delta ?? one.bytes ?? 0));
  const removed = list(said.removed).map((one) => change(one, () => one.delta ?? -(one.bytes ?? 0)));
  const changed = list(said.changed).map((one) => change(one, () => one.delta ?? one.bytes_delta ?? (one.after ?? one.bytes_after ?? 0) - (one.before ?? one.bytes_before ?? 0)));
  const delta = said.bytes_delta ?? said.delta ?? [...added, ...removed, ...changed].reduce((sum, one) => sum + one.delta, 0);
  const totals = { added: said.added_total ?? added.length, removed: said.removed_total ?? removed.length, changed: said.changed_total ?? changed.length };
  return { delta, since: said.since ?? said.previous?.at ?? null, added, removed, changed, totals };
}
