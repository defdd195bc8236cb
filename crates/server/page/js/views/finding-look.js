// @ts-check
// A look at a project by its doctor: asking, following, cancelling, and the pages of what was found.
//
// What was found stays with the project while the page is open, so that coming back shows it at once.

/** @import { Project } from "../project.js" */
/** @import { PackerEvent, Response, Status } from "../types.js" */
/** @import { Found } from "./finding-groups.js" */

import { SignedOut, Unreachable } from "../api.js";
import { signal } from "../signal.js";
import { firstPage, isNews, withPage } from "./finding-groups.js";

/** @typedef {{ scope: "registered" | "workspace", deep: boolean }} Wanted */
/** @typedef {{ operation: string | null, isQuiet: boolean, wanted: Wanted }} Running */
/** @typedef {{ found: Found, wanted: Wanted, at: string, tookMs: number }} Looked */
/** @typedef {{ summary: string, response: Response | null, isCancelled?: boolean }} Trouble */

/** So many findings are fetched without being asked for. */
const FETCHED = 10_000;

/** @type {WeakMap<Project, Look>} */
const looks = new WeakMap();

/** @param {Project} project */
export function lookOf(project) {
  const known = looks.get(project) ?? new Look(project);
  looks.set(project, known);
  return known;
}

export class Look {
  /** @type {import("../signal.js").Signal<Looked | null>} */
  looked = signal(/** @type {Looked | null} */ (null));
  /** @type {import("../signal.js").Signal<Running | null>} */
  running = signal(/** @type {Running | null} */ (null));
  /** @type {import("../signal.js").Signal<Trouble | null>} */
  trouble = signal(/** @type {Trouble | null} */ (null));
  /** Whether what is shown may be old, and looking again costs too much to be done unasked. */
  isOld = signal(false);
  /** Whether another page is on its way. */
  isFetching = signal(false);
  /** Which groups somebody opened or closed. @type {Map<string, boolean>} */
  open = new Map();
  /** How far down somebody had scrolled. */
  scrolled = 0;
  /** The last look that the address asked for. @type {string | null} */
  asked = null;
  /** How many findings of a group are shown. @type {Map<string, number>} */
  shown = new Map();

  #project;
  #turn = 0;
  #isForgotten = false;
  /** @type {WeakSet<PackerEvent>} */
  #seen = new WeakSet();

  /** @param {Project} project */
  constructor(project) {
    this.#project = project;
  }

  /** What was found is not to be taken for granted any more. */
  forget() {
    this.#isForgotten = true;
  }

  /** Whether something came since the last look that may change what it found. */
  hasNews() {
    const looked = this.looked.get();
    return !looked || this.#isForgotten || isNews(this.#project.operations.get(), this.#seen, looked.found.revision);
  }

  /**
   * Looks. A look that still runs is cancelled: the new one is in its place.
   *
   * @param {Wanted} wanted
   * @param {{ isQuiet?: boolean }} [how] A quiet one shows nothing before it has all.
   * @returns {Promise<Status | null>} How it ended; null where another took its place, or no answer came.
   */
  async look(wanted, { isQuiet = false } = {}) {
    const turn = (this.#turn += 1);
    const before = this.running.get();
    if (before?.operation) this.#project.cancel(before.operation).catch(() => {});
    for (const operation of this.#project.operations.get()) for (const event of operation.events) this.#seen.add(event);
    this.#isForgotten = false;
    if (!isQuiet) this.trouble.set(null);
    const began = performance.now();
    this.running.set({ operation: null, isQuiet, wanted });
    try {
      const response = await this.#project.run("doctor", { ...wanted }, (operation) => {
        if (turn === this.#turn) this.running.set({ operation, isQuiet, wanted });
      });
      if (turn !== this.#turn) return null;
      if (response.status === "ok") {
        const looked = { found: firstPage(response), wanted, at: new Date().toISOString(), tookMs: performance.now() - began };
        this.isOld.set(false);
        this.trouble.set(null);
        await this.#take(looked, turn, isQuiet);
      } else if (response.status !== "cancelled") this.trouble.set({ summary: response.summary, response });
      else if (!this.looked.get()) this.trouble.set({ summary: "the look was cancelled, so nothing is known yet", response: null, isCancelled: true });
      return response.status;
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof SignedOut)) throw error;
      if (turn === this.#turn) this.trouble.set({ summary: error.message, response: null });
      return null;
    } finally {
      if (turn === this.#turn) this.running.set(null);
    }
  }

  async cancel() {
    const running = this.running.get();
    if (running?.operation) await this.#project.cancel(running.operation);
  }

  /** The next page, and those that nobody needs to ask for. */
  async more() {
    const looked = this.looked.get();
    if (looked?.found.next && !this.isFetching.get()) await this.#take(await this.#next(looked), this.#turn, false);
  }

  /**
   * @param {Looked} looked
   * @param {number} turn
   * @param {boolean} isQuiet
   */
  async #take(looked, turn, isQuiet) {
    const wants = Math.max(FETCHED, isQuiet ? (this.looked.get()?.found.findings.length ?? 0) : 0);
    if (!isQuiet) this.looked.set(looked);
    while (looked.found.next && looked.found.findings.length < wants) {
      const more = await this.#next(looked);
      if (turn !== this.#turn) return;
      if (more === looked) break;
      looked = more;
      if (!isQuiet) this.looked.set(looked);
    }
    this.looked.set(looked);
  }

  /**
   * With the next page; the same, where that is not kept any more because somebody else looked since.
   *
   * @param {Looked} looked
   * @returns {Promise<Looked>}
   */
  async #next(looked) {
    if (!looked.found.next) return looked;
    this.isFetching.set(true);
    try {
      const response = await this.#project.call("doctor", { ...looked.wanted, cursor: looked.found.next });
      if (response.status === "ok") return { ...looked, found: withPage(looked.found, response) };
      this.isOld.set(true);
      return looked;
    } finally {
      this.isFetching.set(false);
    }
  }
}
