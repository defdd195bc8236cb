// @ts-check
// Operations, put together from their events: what they are, how far they have come, how they ended.
//
// Nothing is made up: where events are missing, that is kept as a fact of its own. Memory has bounds: so many operations,
// so many events of each, so many assets in each event; what was left out is counted.

/** @import { PackerEvent, OperationClass, Status } from "./types.js" */

/**
 * @typedef {object} Operation
 * @property {string} id
 * @property {string | null} service Also `reconcile`, which is no service but an operation all the same.
 * @property {OperationClass | null} operationClass
 * @property {"queued" | "running" | "ended"} phase
 * @property {Status | null} status How it ended; null also where that is not known.
 * @property {boolean} isLost Its end was missed, and the service knows no more of it.
 * @property {string} summary
 * @property {string} since When its first event came.
 * @property {string | null} started When it began to run.
 * @property {string} newest When its last event came.
 * @property {PackerEvent["progress"]} progress
 * @property {Sample[]} trail How the phase that runs has come on, the oldest first.
 * @property {number} hits
 * @property {number} misses
 * @property {number | null} revision The newest that it named.
 * @property {PackerEvent["cause"]} cause
 * @property {PackerEvent[]} events In causal order; repeats of progress only as the newest of each phase.
 * @property {number} sequence That of its newest event.
 * @property {number} heard How many events of it there were, those too that came merged into one.
 * @property {number} cut How many of its events are not kept here, since there were so many.
 */

/** @typedef {{ at: number, done: number, bytes: number }} Sample */

export const KEPT_OPERATIONS = 300;
export const KEPT_EVENTS = 400;
const KEPT_IN_LISTS = 100;
/** The rate is that of the last seconds. */
const TRAIL_MS = 8000;
const STEP_MS = 200;

export class Operations {
  /** @type {Map<string, Operation>} */
  #byId = new Map();

  /** The newest first. */
  all() {
    return [...this.#byId.values()].reverse();
  }

  /** Those that have not ended, as far as is known. */
  open() {
    return [...this.#byId.values()].filter((one) => one.phase !== "ended");
  }

  /**
   * Takes an event in; one that was heard before is not taken twice.
   *
   * @param {PackerEvent} event
   */
  hear(event) {
    const operation = this.#byId.get(event.operation_id) ?? begun(event);
    if (event.sequence <= operation.sequence) return operation;
    this.#byId.set(event.operation_id, operation);
    operation.sequence = event.sequence;
    operation.heard += event.payload.merged ?? 1;
    operation.newest = event.timestamp;
    operation.service ??= event.payload.service ?? serviceOf(event.kind);
    operation.operationClass ??= event.payload.operation_class ?? null;
    operation.cause ??= event.cause;
    operation.revision = event.revision ?? operation.revision;
    operation.summary = event.summary;
    operation.isLost = false;
    if (event.kind !== "operation_queued") {
      operation.started ??= event.timestamp;
      if (operation.phase === "queued" || operation.status === null) operation.phase = "running";
    }
    if (event.kind === "cache_hit") operation.hits += event.payload.count ?? 1;
    if (event.kind === "cache_miss") operation.misses += event.payload.count ?? 1;
    if (event.progress) follow(operation, event.progress, Date.parse(event.timestamp));
    if (event.terminal) {
      operation.phase = "ended";
      operation.status = event.payload.status ?? (event.kind === "preview_ready" ? "preview" : "ok");
    }
    keep(operation, lean(event));
    if (this.#byId.size > KEPT_OPERATIONS) this.#forget();
    return operation;
  }

  /**
   * The end of an operation, known otherwise than by its events; without a status nobody knows it.
   *
   * @param {string} id
   * @param {{ status: Status, summary: string } | null} end
   */
  end(id, end) {
    const operation = this.#byId.get(id);
    if (!operation || operation.phase === "ended") return;
    operation.phase = "ended";
    operation.status = end?.status ?? null;
    operation.isLost = !end;
    operation.summary = end?.summary ?? operation.summary;
  }

  /** Makes room: first the oldest of those that found nothing, then of those that went well; never one that runs. */
  #forget() {
    const all = [...this.#byId.values()];
    const gone =
      all.find((one) => isQuiet(one)) ?? all.find((one) => one.phase === "ended" && !isFailure(one)) ?? all.find((one) => one.phase === "ended") ?? all[0];
    if (gone) this.#byId.delete(gone.id);
  }
}

/** Whether it ended otherwise than it was meant to. @param {Pick<Operation, "status">} operation */
export const isFailure = ({ status }) => status === "failed" || status === "blocked" || status === "indeterminate";

/** Whether it looked at the workspace and found all as it was. @param {Operation} operation */
export function isQuiet({ service, phase, status, events }) {
  if (service !== "reconcile" || phase !== "ended" || status !== "ok") return false;
  const { discovered = 0, changed = 0, removed = 0 } = events.at(-1)?.payload ?? {};
  return discovered + changed + removed === 0;
}

/**
 * How many of its events never came here: each has a number, and so many are missing.
 *
 * @param {Pick<Operation, "sequence" | "heard">} operation
 */
export const missed = ({ sequence, heard }) => Math.max(0, sequence - heard);

/**
 * How fast it goes, and how much time is left, as the last seconds tell it; null where that is not known.
 *
 * @param {Pick<Operation, "phase" | "progress" | "trail">} operation
 * @returns {{ perSecond: number, bytesPerSecond: number, leftMs: number | null } | null}
 */
export function pace({ phase, progress, trail }) {
  const [first] = trail;
  const last = trail.at(-1);
  if (phase !== "running" || !progress || !first || !last || last.at - first.at < 500) return null;
  const seconds = (last.at - first.at) / 1000;
  const perSecond = (last.done - first.done) / seconds;
  const bytesPerSecond = (last.bytes - first.bytes) / seconds;
  const isBytes = progress.bytes_total > 0;
  const [left, speed] = isBytes
    ? [progress.bytes_total - progress.bytes_done, bytesPerSecond]
    : [progress.total - progress.done, perSecond];
  const leftMs = (isBytes || progress.total > 0) && speed > 0 && left > 0 ? (left / speed) * 1000 : null;
  return { perSecond, bytesPerSecond, leftMs };
}

/**
 * @param {PackerEvent} event The first that came.
 * @returns {Operation}
 */
function begun(event) {
  return {
    id: event.operation_id, service: null, operationClass: null, phase: "queued", status: null, isLost: false,
    summary: event.summary, since: event.timestamp, started: null, newest: event.timestamp, progress: null, trail: [],
    hits: 0, misses: 0, revision: null, cause: event.cause, events: [], sequence: 0, heard: 0, cut: 0,
  };
}

/**
 * What an operation is, whose beginning was missed.
 *
 * @param {string} kind
 */
function serviceOf(kind) {
  if (kind.startsWith("reconcile_")) return "reconcile";
  return kind.startsWith("build_") || kind.startsWith("cache_") ? "build" : null;
}

/**
 * @param {Operation} operation
 * @param {NonNullable<PackerEvent["progress"]>} progress
 * @param {number} at
 */
function follow(operation, progress, at) {
  if (operation.progress?.phase !== progress.phase) operation.trail = [];
  operation.progress = progress;
  const { trail } = operation;
  const before = trail.at(-2);
  const sample = { at, done: progress.done, bytes: progress.bytes_done };
  // The newest is always there; those before it, a step apart.
  const newest = trail.at(-1);
  if (before && newest && newest.at - before.at < STEP_MS) trail.pop();
  trail.push(sample);
  while (trail.length > 2 && at - (trail[0]?.at ?? at) > TRAIL_MS) trail.shift();
}

/**
 * @param {Operation} operation
 * @param {PackerEvent} event
 */
function keep(operation, event) {
  const { events } = operation;
  if (event.progress) {
    const phase = event.progress.phase;
    const before = events.findLastIndex((one) => one.progress?.phase === phase);
    if (before >= 0) events.splice(before, 1);
  }
  events.push(event);
  // The first events say what it was, the last how it ended.
  if (events.length > KEPT_EVENTS) {
    const [gone] = events.splice(KEPT_EVENTS / 2, 1);
    operation.cut += gone?.payload.merged ?? 1;
  }
}

/**
 * The event, with the beginning of its lists: it names up to 1,000 assets and findings, and there are many events.
 *
 * @param {PackerEvent} event
 * @returns {PackerEvent}
 */
function lean(event) {
  const { affected_assets: assets, payload } = event;
  const long = Object.entries(payload).filter(([, value]) => Array.isArray(value) && value.length > KEPT_IN_LISTS);
  if (assets.length <= KEPT_IN_LISTS && !long.length) return event;
  const cut = Object.fromEntries(long.flatMap(([name, list]) => [
    [name, list.slice(0, KEPT_IN_LISTS)],
    [`${name}_total`, payload[`${name}_total`] ?? list.length],
  ]));
  return { ...event, affected_assets: assets.slice(0, KEPT_IN_LISTS), payload: { ...payload, ...cut, assets_total: assets.length } };
}
