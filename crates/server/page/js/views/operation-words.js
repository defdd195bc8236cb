// @ts-check
// How operations and their events are called, and what marks them.

/** @import { Operation } from "../operations.js" */
/** @import { PackerEvent } from "../types.js" */
/** @import { IconName } from "../icons.js" */

import { bytes, count, duration, number, sentence, words } from "../format.js";
import { isFailure, isQuiet, pace } from "../operations.js";

/** @type {Record<string, IconName>} */
const SERVICE_ICONS = {
  build: "build", doctor: "shield", reconcile: "refresh", register_asset: "plus", include_asset_in_build: "check",
  exclude_asset_from_build: "minus", remove_asset: "trash", edit_asset: "edit", relocate_asset: "move", revert: "restore",
  restore_quarantined: "archive", purge_quarantined: "trash", apply_fixes: "wrench", allow_findings: "shield",
  prune_cache: "trash", recover: "restore", init_workspace: "folder",
};

/** @param {string | null} service @returns {IconName} */
export const serviceIcon = (service) => SERVICE_ICONS[service ?? ""] ?? "pulse";

/** @param {string | null} service */
export const serviceName = (service) => (service ? sentence(words(service)) : "Operation");

/** Why the workspace was read again, as the service says it. @type {Record<string, string>} */
const READ_BECAUSE = {
  opened: "the project was opened",
  hints: "files changed",
  overflow: "so much changed that the system lost count",
  watch_lost: "the system no longer says what changes",
  barrier: "somebody asked for all that is on disk",
  asked: "it was asked for",
  behind: "an operation had found more than was known",
};

/** @param {string} reason */
export const readBecause = (reason) => READ_BECAUSE[reason] ?? words(reason);

/** @type {Record<string, IconName>} */
const KIND_ICONS = {
  operation_queued: "clock", operation_started: "play", build_started: "build", build_finished: "box", cache_hit: "check",
  cache_miss: "file", preview_ready: "file", action_applied: "check", action_failed: "cross", progress_updated: "pulse",
  runtime_state_changed: "info", reconcile_started: "refresh", reconcile_finished: "refresh", asset_discovered: "plus",
  asset_changed: "edit", asset_removed: "minus", diagnostics_updated: "shield", stream_gap: "alert",
};

/** @param {string} kind @returns {IconName} */
export const kindIcon = (kind) => KIND_ICONS[kind] ?? "info";

/** @param {PackerEvent} event @returns {"bad" | "warn" | "good" | ""} */
export function eventTone({ kind, terminal, payload }) {
  if (kind === "stream_gap") return "warn";
  if (!terminal) return "";
  const status = payload.status ?? "ok";
  return status === "failed" || status === "indeterminate" ? "bad" : status === "blocked" ? "warn" : status === "ok" ? "good" : "";
}

/** @typedef {"all" | "operations" | "observed" | "failures"} Show */

/** @type {[Show, string][]} */
export const SHOWS = [["all", "All"], ["operations", "Operations"], ["observed", "Observed changes"], ["failures", "Failures"]];

/**
 * @param {Operation} operation
 * @param {Show} show
 */
export function isShown(operation, show) {
  switch (show) {
    case "operations":
      return operation.service !== "reconcile";
    case "observed":
      return operation.service === "reconcile";
    case "failures":
      return isFailure(operation) || operation.isLost;
    default:
      return true;
  }
}

/** How loudly a row speaks. @param {Operation} operation @returns {"failure" | "active" | "quiet" | "plain"} */
export function loudness(operation) {
  if (isFailure(operation)) return "failure";
  if (operation.phase !== "ended") return operation.service === "reconcile" ? "quiet" : "active";
  return operation.service === "reconcile" || isQuiet(operation) ? "quiet" : "plain";
}

/**
 * `import: 1,200 of 5,000 · 24 MiB of 80 MiB`.
 *
 * @param {NonNullable<PackerEvent["progress"]>} progress
 */
export function progressWords({ phase, done, total, bytes_done: doneBytes, bytes_total: totalBytes }) {
  const amount = total ? `${number(done)} of ${number(total)}` : done ? number(done) : "";
  const size = totalBytes ? `${bytes(Math.min(doneBytes, totalBytes))} of ${bytes(totalBytes)}` : doneBytes ? bytes(doneBytes) : "";
  return [amount ? `${words(phase)}: ${amount}` : words(phase), size].filter(Boolean).join(" · ");
}

/** `12 MiB/s · 5 s left`, as far as that is known. @param {Operation} operation */
export function paceWords(operation) {
  const now = pace(operation);
  if (!now) return "";
  const speed = now.bytesPerSecond > 0 ? `${bytes(now.bytesPerSecond)}/s` : now.perSecond >= 1 ? `${number(Math.round(now.perSecond))}/s` : "";
  const left = now.leftMs === null ? "" : `${roughly(now.leftMs)} left`;
  return [speed, left].filter(Boolean).join(" · ");
}

/** Time left is a guess and is said as one. @param {number} ms */
function roughly(ms) {
  if (ms < 1500) return "1 s";
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`;
  return ms < 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}

/** How far it is, from 0 to 1; null where nobody knows. @param {PackerEvent["progress"]} progress */
export function share(progress) {
  if (!progress) return null;
  if (progress.bytes_total) return Math.min(1, progress.bytes_done / progress.bytes_total);
  return progress.total ? Math.min(1, progress.done / progress.total) : null;
}

/**
 * How long it ran, or has run so far, and how long it waited before.
 *
 * @param {Operation} operation
 * @param {number} now
 */
export function times({ since, started, newest, phase }, now) {
  const begin = Date.parse(since);
  const start = started ? Date.parse(started) : null;
  const end = phase === "ended" ? Date.parse(newest) : Math.max(now, Date.parse(newest));
  return { ran: start === null ? null : end - start, waited: (start ?? end) - begin };
}

/** `+1.204 s`, from the operation's beginning. @param {number} ms */
export const offset = (ms) => (ms < 10_000 ? `+${(ms / 1000).toFixed(3)} s` : `+${duration(ms)}`);

/** How many assets an event is about. @param {PackerEvent} event */
export function assetCount({ kind, affected_assets: listed, payload }) {
  const counted = kind.startsWith("asset_") ? (payload.count ?? 0) : 0;
  return Math.max(listed.length, counted, payload.assets_total ?? 0);
}

/**
 * Reasons of misses, the most frequent first.
 *
 * @param {{ reason: string }[]} reasons
 * @returns {[string, number][]}
 */
export function grouped(reasons) {
  /** @type {Map<string, number>} */
  const all = new Map();
  for (const { reason } of reasons) all.set(reason, (all.get(reason) ?? 0) + 1);
  return [...all].sort((a, b) => b[1] - a[1]);
}

/** @param {Operation} operation */
export function cacheWords({ hits, misses }) {
  if (!hits && !misses) return "";
  return `${count(hits, "cache hit")}, ${count(misses, "miss", "misses")}`;
}
