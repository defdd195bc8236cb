// @ts-check
// One open project, as the page knows it: what the service said last, and what has to be asked again.
//
// States, classes and causes are the service's; this keeps them and makes none up. Events say *that* something changed;
// what it is now is always read from the service.

/** @import { PackerEvent, StatusData, RuntimeState, ServiceName, RequestOf, ResponseOf } from "./types.js" */
/** @import { Signal } from "./signal.js" */

import * as api from "./api.js";
import { Operations } from "./operations.js";
import { signal, soon, topic } from "./signal.js";

/** @typedef {import("./operations.js").Operation} Operation */

/**
 * Events that were missed. `after` is the operation that was the newest then.
 *
 * @typedef {{ at: string, lifecycle: number, isOtherRun: boolean, after: string | null }} Gap
 */

/** What has to be read again. @typedef {"assets" | "findings" | "build" | "quarantine" | "history"} Subject */

/** @type {Subject[]} */
const EVERYTHING = ["assets", "findings", "build", "quarantine", "history"];
const KEPT_GAPS = 20;
/** What is heard in such a time is said at once. */
const SAY_MS = 30;
/** An operation whose end was heard has its answer a moment later. */
const ANSWER_MS = [10, 40, 160, 640, 2000, 4000];
/** Kinds that `get_status` says nothing about. */
const IN_BETWEEN = ["progress_updated", "cache_hit", "cache_miss"];

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

  /** Where events were missed, the newest first. @type {Signal<Gap[]>} */
  gaps = signal(/** @type {Gap[]} */ ([]));

  #operations = new Operations();
  /** Revisions count in one run, the stream in another; a service that is started anew has new ones of both. */
  #runs = { status: /** @type {string | null} */ (null), stream: /** @type {string | null} */ (null) };
  /** Which of them told of the last restart, until the other one does. @type {"status" | "stream" | null} */
  #toldBy = null;
  /** @type {Map<string, Set<() => void>>} */
  #waiting = new Map();
  /** @type {Set<Subject>} */
  #unsaid = new Set();
  #refresh;
  #say;

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
    this.#say = soon(() => this.#sayNow(), SAY_MS);
  }

  /** Reads how the project is. What cannot be reached now is read when the stream is back. */
  async readStatus() {
    try {
      const response = await api.call(this.id, "get_status", {});
      if (response.data.run_id) this.enter("status", response.data.run_id);
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
    this.#changed(EVERYTHING);
    for (const operation of this.#waiting.keys()) this.#wake(operation);
    this.#settle();
  }

  /**
   * The service runs anew, and counts anew: what the old one said of revisions and of what runs holds no more.
   *
   * @param {"status" | "stream"} whose
   * @param {string} run
   */
  enter(whose, run) {
    const had = this.#runs[whose];
    this.#runs[whose] = run;
    if (had === null || had === run) return;
    const isKnown = this.#toldBy !== null && this.#toldBy !== whose;
    this.#toldBy = isKnown ? null : whose;
    if (isKnown) return;
    this.revision.set(null);
    for (const { id } of this.#operations.open()) this.#operations.end(id, null);
    this.#say();
  }

  /**
   * Events were missed; of which operations, nobody knows.
   *
   * @param {PackerEvent} event
   */
  missed({ timestamp, payload }) {
    const after = this.#operations.all()[0]?.id ?? null;
    const gap = { at: timestamp, lifecycle: payload.lifecycle ?? 0, isOtherRun: Boolean(payload.other_run), after };
    this.gaps.update((gaps) => [gap, ...gaps].slice(0, KEPT_GAPS));
    this.readAgain();
  }

  /**
   * Takes events of this project in, in their order.
   *
   * @param {PackerEvent[]} events
   * @param {string} run The run of the service that they are of.
   */
  hear(events, run) {
    if (run) this.enter("stream", run);
    let { now, state } = { now: this.revision.get(), state: /** @type {RuntimeState | null} */ (null) };
    for (const event of events) {
      if (event.kind === "stream_gap") {
        this.missed(event);
        continue;
      }
      // What is replayed may be older than what was read.
      const isOld = event.revision !== null && event.revision < (now ?? 0);
      if (event.kind === "runtime_state_changed" && !isOld) state = { state: event.payload.state, reasons: event.payload.reasons ?? [] };
      if (event.revision !== null && event.revision > (now ?? 0)) now = event.revision;
      this.#changed(subjectsOf(event));
      this.#operations.hear(event);
      if (event.terminal) this.#wake(event.operation_id);
    }
    if (state) this.state.set(state);
    this.revision.set(now);
    this.#say();
    if (events.some((event) => !IN_BETWEEN.includes(event.kind))) this.#refresh();
  }

  /** @param {Subject[]} subjects */
  #changed(subjects) {
    for (const subject of subjects) this.#unsaid.add(subject);
    if (subjects.length) this.#say();
  }

  #sayNow() {
    const subjects = this.#unsaid;
    this.#unsaid = new Set();
    this.operations.set(this.#operations.all());
    if (subjects.size) this.changed.say(subjects);
  }

  /** Asks how operations stand whose end may have been missed. */
  async #settle() {
    for (const { id } of this.#operations.open()) {
      try {
        const { isRunning, response } = await api.operation(this.id, id);
        if (isRunning) continue;
        this.#operations.end(id, response.operation_id === id ? response : null);
        this.#say();
      } catch {
        return;
      }
    }
  }

  /** @param {string} operation */
  #wake(operation) {
    for (const wake of this.#waiting.get(operation) ?? []) wake();
  }

  /**
   * Waits for the end of an operation: woken by its terminal event, and now and then by itself, should that be missed. It
   * survives that the service is away for a while.
   *
   * @param {string} operation
   */
  async #end(operation) {
    let isWoken = false;
    let go = () => {};
    const wake = () => {
      isWoken = true;
      go();
    };
    const wakers = this.#waiting.get(operation) ?? new Set();
    this.#waiting.set(operation, wakers.add(wake));
    try {
      for (let n = 0; ; n += isWoken ? 1 : 0) {
        try {
          const { isRunning, response } = await api.operation(this.id, operation);
          if (!isRunning) return response;
        } catch (error) {
          if (!(error instanceof api.Unreachable)) throw error;
        }
        const wait = isWoken ? ANSWER_MS[Math.min(n, ANSWER_MS.length - 1)] : 4000;
        await new Promise((done) => {
          const timer = setTimeout(done, wait, undefined);
          go = () => (clearTimeout(timer), done(undefined));
        });
      }
    } finally {
      wakers.delete(wake);
      if (!wakers.size) this.#waiting.delete(operation);
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
      return ["assets", "findings", "quarantine", "history"];
    case "runtime_state_changed":
      return ["assets"];
    default:
      return [];
  }
}
