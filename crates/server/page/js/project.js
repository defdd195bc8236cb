// @ts-check
// One open project, as the page knows it: what the service said last, and what has to be asked again.
//
// States, classes and causes are the service's; this keeps them and makes none up. Events say *that* something changed;
// what it is now is always read from the service.

/** @import { PackerEvent, StatusData, RuntimeState, ServiceName, RequestOf, ResponseOf, OperationClass, Status } from "./types.js" */
/** @import { Signal } from "./signal.js" */

import * as api from "./api.js";
import { signal, soon, topic } from "./signal.js";

/**
 * An operation, as its events tell it.
 *
 * @typedef {object} Operation
 * @property {string} id
 * @property {string | null} service
 * @property {OperationClass | null} operationClass
 * @property {"queued" | "running" | "ended"} phase
 * @property {Status | null} status How it ended.
 * @property {string} summary
 * @property {string} since When its first event came.
 * @property {string} newest When its last event came.
 * @property {PackerEvent["progress"]} progress
 * @property {number} hits
 * @property {number} misses
 * @property {PackerEvent["cause"]} cause
 * @property {PackerEvent[]} events In causal order; repeats of progress only as the newest of each phase.
 */

/** What has to be read again. @typedef {"assets" | "findings" | "build" | "quarantine" | "history"} Subject */

const KEPT_OPERATIONS = 300;
const KEPT_EVENTS = 400;

export class Project {
  /** @type {Signal<StatusData | null>} */
  status = signal(/** @type {StatusData | null} */ (null));
  /** @type {Signal<RuntimeState | null>} */
  state = signal(/** @type {RuntimeState | null} */ (null));
  /** @type {Signal<number | null>} */
  revision = signal(/** @type {number | null} */ (null));
  /** The newest first. @type {Signal<Operation[]>} */
  operations = signal(/** @type {Operation[]} */ ([]), () => false);
  /** @type {ReturnType<typeof topic<Set<Subject>>>} */
  changed = topic();

  /** @type {Map<string, Operation>} */
  #byId = new Map();
  /** @type {Map<string, (() => void)[]>} */
  #waiting = new Map();
  #refresh;

  /**
   * @param {string} id
   * @param {string} name
   * @param {string} path
   */
  constructor(id, name, path) {
    this.id = id;
    this.name = name;
    this.path = path;
    this.#refresh = soon(() => this.readStatus(), 80);
  }

  /** Reads how the project is. What cannot be reached now is read when the stream is back. */
  async readStatus() {
    try {
      const response = await api.call(this.id, "get_status", {});
      this.#learn(response);
      this.status.set(response.data.counts ? response.data : null);
    } catch (error) {
      if (!(error instanceof api.Unreachable || error instanceof api.SignedOut)) throw error;
    }
  }

  /**
   * Asks a service and waits.
   *
   * @template {ServiceName} S
   * @param {S} service
   * @param {RequestOf<S>} request
   * @param {AbortSignal} [until]
   * @returns {Promise<ResponseOf<S>>}
   */
  async call(service, request, until) {
    const response = await api.call(this.id, service, request, until);
    this.#learn(response);
    return response;
  }

  /**
   * Asks for an operation, and waits for its end by its events; `begun` gets its id as soon as it has one.
   *
   * @template {ServiceName} S
   * @param {S} service
   * @param {RequestOf<S>} request
   * @param {(operation: string) => void} [begun]
   * @returns {Promise<ResponseOf<S>>}
   */
  async run(service, request, begun) {
    const { isRunning, response } = await api.submit(this.id, service, request);
    if (response.operation_id) begun?.(response.operation_id);
    if (!isRunning || !response.operation_id) {
      this.#learn(response);
      return response;
    }
    const ended = await this.#end(response.operation_id);
    this.#learn(ended);
    return ended;
  }

  /** @param {string} operation */
  cancel(operation) {
    return api.cancel(this.id, operation);
  }

  /** @param {string} hash */
  contentUrl(hash) {
    return api.contentUrl(this.id, hash);
  }

  /** @param {string} hash */
  thumbnailUrl(hash) {
    return api.thumbnailUrl(this.id, hash);
  }

  /** Everything may be another: events were missed, or the service is a new one. */
  readAgain() {
    this.#refresh();
    this.changed.say(new Set(/** @type {Subject[]} */ (["assets", "findings", "build", "quarantine", "history"])));
    for (const wake of [...this.#waiting.values()].flat()) wake();
  }

  /**
   * Takes events of this project in, in their order.
   *
   * @param {PackerEvent[]} events
   */
  hear(events) {
    /** @type {Set<Subject>} */
    const subjects = new Set();
    for (const event of events) {
      if (event.kind === "stream_gap") {
        this.readAgain();
        continue;
      }
      if (event.kind === "runtime_state_changed") {
        this.state.set({ state: event.payload.state, reasons: event.payload.reasons ?? [] });
      }
      if (event.revision !== null && event.revision > (this.revision.get() ?? 0)) this.revision.set(event.revision);
      for (const subject of subjectsOf(event)) subjects.add(subject);
      this.#tell(event);
    }
    this.operations.set([...this.#byId.values()].reverse());
    this.#refresh();
    if (subjects.size) this.changed.say(subjects);
  }

  /** @param {PackerEvent} event */
  #tell(event) {
    const operation = this.#byId.get(event.operation_id) ?? {
      id: event.operation_id, service: null, operationClass: null, phase: /** @type {const} */ ("queued"), status: null,
      summary: event.summary, since: event.timestamp, newest: event.timestamp, progress: null, hits: 0, misses: 0,
      cause: event.cause, events: [],
    };
    this.#byId.set(event.operation_id, operation);
    operation.newest = event.timestamp;
    operation.service ??= event.payload.service ?? (event.kind === "reconcile_started" ? "reconcile" : null);
    operation.operationClass ??= event.payload.operation_class ?? null;
    if (event.kind !== "operation_queued" && operation.phase === "queued") operation.phase = "running";
    if (event.kind === "cache_hit") operation.hits += event.payload.count ?? 1;
    if (event.kind === "cache_miss") operation.misses += event.payload.count ?? 1;
    if (event.progress) operation.progress = event.progress;
    if (event.terminal) {
      operation.phase = "ended";
      operation.status = event.payload.status ?? (event.kind === "preview_ready" ? "preview" : "ok");
      for (const wake of this.#waiting.get(event.operation_id) ?? []) wake();
    }
    operation.summary = event.summary;
    keep(operation.events, event);
    if (this.#byId.size > KEPT_OPERATIONS) {
      const [oldest] = this.#byId.keys();
      if (oldest) this.#byId.delete(oldest);
    }
  }

  /**
   * Waits for the end of an operation: woken by its terminal event, and now and then by itself, should that be missed.
   *
   * @param {string} operation
   */
  async #end(operation) {
    for (;;) {
      const woken = new Promise((wake) => {
        const timer = setTimeout(wake, 4000, undefined);
        const wakers = this.#waiting.get(operation) ?? [];
        wakers.push(() => (clearTimeout(timer), wake(undefined)));
        this.#waiting.set(operation, wakers);
      });
      const { isRunning, response } = await api.operation(this.id, operation);
      if (!isRunning) {
        this.#waiting.delete(operation);
        return response;
      }
      await woken;
    }
  }

  /** @param {{ runtime_state: RuntimeState, revision: number | null }} response */
  #learn(response) {
    if (response.revision === null || response.revision < (this.revision.get() ?? 0)) return;
    this.revision.set(response.revision);
    this.state.set(response.runtime_state);
  }
}

/**
 * @param {PackerEvent[]} events
 * @param {PackerEvent} event
 */
function keep(events, event) {
  const before = events.at(-1);
  if (event.progress && before?.progress && before.progress.phase === event.progress.phase) events.pop();
  events.push(event);
  // The first events say what it was, the last how it ended.
  if (events.length > KEPT_EVENTS) events.splice(KEPT_EVENTS / 2, 1);
}

/**
 * @param {PackerEvent} event
 * @returns {Subject[]}
 */
function subjectsOf(event) {
  switch (event.kind) {
    case "asset_discovered":
    case "asset_changed":
    case "asset_removed":
      return ["assets"];
    case "diagnostics_updated":
      return ["findings", "assets"];
    case "build_finished":
      return ["build", "assets"];
    case "action_applied":
      return ["assets", "findings", "quarantine", "history"];
    case "reconcile_finished":
      return ["assets", "findings", "quarantine"];
    case "runtime_state_changed":
      return ["assets"];
    default:
      return [];
  }
}
