// @ts-check
// Which assets are selected, over a list of which only a part is known. Knows no elements.

/** @import { ListedAsset } from "../types.js" */

/**
 * What a row is known by when the list is read again.
 *
 * @param {{ root: string, quarantined: boolean }} asset
 */
export const keyOf = (asset) => `${asset.quarantined ? "q" : "a"}:${asset.root}`;

/** What can be done with a selection, by how many of it. */
/**
 * @typedef {object} Tally
 * @property {number} all
 * @property {number} bytes
 * @property {ListedAsset[]} includable Registered, and not in the build.
 * @property {ListedAsset[]} excludable In the build.
 * @property {ListedAsset[]} registrable Not registered.
 * @property {ListedAsset[]} removable Registered.
 * @property {number} quarantined
 */

export class Selection {
  /** @type {Map<string, ListedAsset>} */
  #byKey = new Map();
  /** Where a range begins. @type {number | null} */
  anchor = null;
  /** Whether it is the one row that was clicked: the arrow keys then take it along. */
  follows = false;

  get size() {
    return this.#byKey.size;
  }

  /** @param {ListedAsset} asset */
  has(asset) {
    return this.#byKey.has(keyOf(asset));
  }

  /** @returns {ListedAsset[]} */
  all() {
    return [...this.#byKey.values()];
  }

  clear() {
    this.#byKey.clear();
    this.anchor = null;
    this.follows = false;
  }

  /**
   * This one and no other.
   *
   * @param {ListedAsset} asset
   * @param {number} index
   */
  only(asset, index) {
    this.#byKey.clear();
    this.#byKey.set(keyOf(asset), asset);
    this.anchor = index;
    this.follows = true;
  }

  /**
   * In or out.
   *
   * @param {ListedAsset} asset
   * @param {number} index
   */
  toggle(asset, index) {
    const key = keyOf(asset);
    if (!this.#byKey.delete(key)) this.#byKey.set(key, asset);
    this.anchor = index;
    this.follows = false;
  }

  /**
   * These too, or these only.
   *
   * @param {Iterable<ListedAsset>} assets
   * @param {{ isMore: boolean }} how
   */
  take(assets, { isMore }) {
    if (!isMore) this.#byKey.clear();
    this.follows = false;
    for (const asset of assets) this.#byKey.set(keyOf(asset), asset);
  }

  /**
   * Learns how these are now. Says how many of the selected ones are among them.
   *
   * @param {Iterable<ListedAsset>} assets
   */
  learn(assets) {
    let n = 0;
    for (const asset of assets) {
      const key = keyOf(asset);
      if (!this.#byKey.has(key)) continue;
      this.#byKey.set(key, asset);
      n += 1;
    }
    return n;
  }

  /**
   * These are all that there are: what is not among them is selected no longer.
   *
   * @param {Iterable<ListedAsset>} assets
   */
  settle(assets) {
    /** @type {Map<string, ListedAsset>} */
    const left = new Map();
    for (const asset of assets) {
      const key = keyOf(asset);
      if (this.#byKey.has(key)) left.set(key, asset);
    }
    this.#byKey = left;
  }

  /** @returns {Tally} */
  tally() {
    /** @type {Tally} */
    const tally = { all: 0, bytes: 0, includable: [], excludable: [], registrable: [], removable: [], quarantined: 0 };
    for (const asset of this.#byKey.values()) {
      tally.all += 1;
      tally.bytes += asset.bytes;
      if (asset.quarantined) tally.quarantined += 1;
      else if (!asset.registered) tally.registrable.push(asset);
      else {
        tally.removable.push(asset);
        (asset.included ? tally.excludable : tally.includable).push(asset);
      }
    }
    return tally;
  }
}

/**
 * The rows from one to another, whichever comes first; the end is not in it.
 *
 * @param {number} a
 * @param {number} b
 */
export const span = (a, b) => ({ first: Math.min(a, b), end: Math.max(a, b) + 1 });

/**
 * Where a key moves the active row to; null where the key moves nothing.
 *
 * @param {string} key
 * @param {{ at: number, total: number, page: number }} list
 */
export function moved(key, { at, total, page }) {
  /** @type {Record<string, number>} */
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: total - 1 };
  const wanted = to[key];
  return wanted === undefined || total === 0 ? null : Math.max(0, Math.min(total - 1, wanted));
}
