// @ts-check
// The rows of a long list, fetched by pages as they come into sight. Knows no elements and no service: it is told how to
// fetch, and says when something changed.
//
// A list that may have changed is read again behind what is shown: the old rows stand until the new ones are here, and
// all that is seen changes at once. An answer that belongs to an earlier question is dropped.

/**
 * @template Row
 * @typedef {{ rows: Row[], total: number }} Answer
 */

const KEPT_PAGES = 64;

/** @template Row */
export class Pages {
  /** How many rows there are; null before the first answer. @type {number | null} */
  total = null;
  /** Why nothing could be had. @type {unknown} */
  trouble = null;

  /** @type {Map<number, Row[]>} */
  #pages = new Map();
  /** The pages whose rows may be old. @type {Set<number>} */
  #old = new Set();
  /** What is under way. @type {Set<{ pages: number[], stop: AbortController }>} */
  #loads = new Set();
  /** Counts the questions: another filter, another order, or the same read again. */
  #asked = 0;
  /** Whether the question is another, and what is known answers the one before. */
  #isAsking = true;
  /** @type {[number, number]} */
  #seen = [0, 0];

  /**
   * @param {{ size?: number, fetch: (start: number, limit: number, until: AbortSignal) => Promise<Answer<Row>>,
   *   changed: (what: { isAnew: boolean }) => void }} options `changed` is called after rows came; `isAnew` where all of
   *   them answer a new question.
   */
  constructor({ size = 200, fetch, changed }) {
    this.size = size;
    this.#fetch = fetch;
    this.#changed = changed;
  }
  #fetch;
  #changed;

  /** Another question. What is shown stays until its first answer is here. */
  async ask() {
    this.end();
    this.#isAsking = true;
    await this.#load([0], true);
  }

  /** The same question again, because something may have changed. What is not seen is forgotten. @returns {Promise<void>} */
  async refresh() {
    if (this.#isAsking) return this.ask();
    this.end();
    const seen = new Set(this.#pagesSeen());
    for (const page of this.#pages.keys()) if (!seen.has(page)) this.#pages.delete(page);
    this.#old = new Set(seen);
    await this.#load([...seen], false);
  }

  /**
   * Says which rows are seen; those that are not known are fetched.
   *
   * @param {number} first
   * @param {number} end
   */
  see(first, end) {
    this.#seen = [first, end];
    if (this.#isAsking) return;
    const seen = this.#pagesSeen();
    // Whoever drags through a long list is not to wait for what went by.
    for (const load of this.#loads) if (!load.pages.some((page) => seen.includes(page))) this.#drop(load);
    const coming = new Set([...this.#loads].flatMap((load) => load.pages));
    const wanted = seen.filter((page) => !coming.has(page) && (this.#old.has(page) || !this.#pages.has(page)));
    if (wanted.length) this.#load(wanted, false);
  }

  /**
   * @param {number} index
   * @returns {Row | undefined}
   */
  row(index) {
    return this.#pages.get(Math.floor(index / this.size))?.[index % this.size];
  }

  /** Every row that is known, with its place. @returns {Generator<[number, Row]>} */
  *known() {
    for (const [page, rows] of this.#pages) for (const [at, row] of rows.entries()) yield [page * this.size + at, row];
  }

  /** Whether every row is known. */
  isWhole() {
    if (this.total === null || this.#old.size) return false;
    let n = 0;
    for (const rows of this.#pages.values()) n += rows.length;
    return n >= this.total;
  }

  /** Nothing that is under way matters any more. */
  end() {
    this.#asked += 1;
    for (const load of this.#loads) this.#drop(load);
  }

  /** @param {{ pages: number[], stop: AbortController }} load */
  #drop(load) {
    this.#loads.delete(load);
    load.stop.abort();
  }

  #pagesSeen() {
    const [first, end] = this.#seen;
    const last = this.total === null ? end : Math.min(end, this.total);
    /** @type {number[]} */
    const pages = [];
    for (let page = Math.floor(first / this.size); page * this.size < last; page += 1) pages.push(page);
    return pages.length ? pages : [0];
  }

  /**
   * @param {number[]} pages
   * @param {boolean} isAnew
   */
  async #load(pages, isAnew) {
    const asked = this.#asked;
    const load = { pages, stop: new AbortController() };
    const isWanted = () => asked === this.#asked && this.#loads.has(load);
    this.#loads.add(load);
    try {
      const answers = await Promise.all(pages.map((page) => this.#fetch(page * this.size, this.size, load.stop.signal)));
      if (!isWanted()) return;
      this.trouble = null;
      if (isAnew) {
        this.#pages.clear();
        this.#old.clear();
        this.#isAsking = false;
      }
      answers.forEach((answer, at) => {
        const page = /** @type {number} */ (pages[at]);
        this.total = answer.total;
        this.#pages.set(page, answer.rows);
        this.#old.delete(page);
      });
      this.#trim();
    } catch (error) {
      if (!isWanted()) return;
      this.trouble = error;
    } finally {
      this.#loads.delete(load);
    }
    this.#changed({ isAnew });
  }

  /** Pages past the end say nothing, and those far from what is seen are not worth their room. */
  #trim() {
    const isPast = (/** @type {number} */ page) => page > 0 && page * this.size >= (this.total ?? 0);
    for (const page of [...this.#pages.keys(), ...this.#old]) if (isPast(page)) this.#forget(page);
    const middle = (this.#seen[0] + this.#seen[1]) / 2 / this.size;
    const far = [...this.#pages.keys()].sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const page of far.slice(0, Math.max(0, far.length - KEPT_PAGES))) this.#forget(page);
  }

  /** @param {number} page */
  #forget(page) {
    this.#pages.delete(page);
    this.#old.delete(page);
  }
}
