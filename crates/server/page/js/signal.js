// @ts-check
// A value that says when it changes. All that moves on the page hangs on these.

/**
 * @template T
 * @typedef {object} Signal
 * @property {() => T} get What it is now.
 * @property {(value: T) => void} set Makes it another; those who watch hear of it, unless it is the same.
 * @property {(change: (value: T) => T) => void} update
 * @property {(heard: (value: T) => void, until?: AbortSignal) => void} watch Says it now, and again whenever it changes.
 */

/**
 * @template T
 * @param {T} first
 * @param {(a: T, b: T) => boolean} [isSame]
 * @returns {Signal<T>}
 */
export function signal(first, isSame = Object.is) {
  let now = first;
  const watchers = new Listeners();
  /** @param {T} value */
  const set = (value) => {
    if (isSame(now, value)) return;
    now = value;
    // Who watches may have set it again meanwhile: nobody is told an older value after a newer one.
    watchers.tell((heard) => heard(now));
  };
  return {
    get: () => now,
    set,
    update: (change) => set(change(now)),
    watch(heard, until) {
      if (until?.aborted) return;
      watchers.add(heard, until);
      heard(now);
    },
  };
}

/**
 * Something that happens, without a value to keep.
 *
 * @template T
 * @returns {{ say: (what: T) => void, hear: (heard: (what: T) => void, until?: AbortSignal) => void }}
 */
export function topic() {
  const listeners = new Listeners();
  return {
    say(what) {
      listeners.tell((heard) => heard(what));
    },
    hear(heard, until) {
      if (!until?.aborted) listeners.add(heard, until);
    },
  };
}

/** Those who listen, each for a time. */
class Listeners {
  /** @type {Set<{ heard: (value: any) => void }>} */
  #all = new Set();

  /**
   * @param {(value: any) => void} heard
   * @param {AbortSignal | undefined} until
   */
  add(heard, until) {
    const one = { heard };
    this.#all.add(one);
    until?.addEventListener("abort", () => this.#all.delete(one), { once: true });
  }

  /**
   * Tells all, whatever becomes of one of them; the first error is thrown when all have heard.
   *
   * @param {(heard: (value: any) => void) => void} tell
   */
  tell(tell) {
    /** @type {{ error: unknown }[]} */
    const wrong = [];
    for (const one of [...this.#all]) {
      if (!this.#all.has(one)) continue;
      try {
        tell(one.heard);
      } catch (error) {
        wrong.push({ error });
      }
    }
    const [first] = wrong;
    if (first) throw first.error;
  }
}

/**
 * Runs `work` soon, once for however many asked in between, and never twice at a time: one that is asked for while
 * another runs comes after it.
 *
 * @param {() => (void | Promise<void>)} work
 * @param {number} [after] Milliseconds to wait for more to ask.
 * @param {AbortSignal} [until]
 * @returns {() => void}
 */
export function soon(work, after = 60, until) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let runs = false;
  let again = false;
  const go = async () => {
    timer = undefined;
    if (until?.aborted) return;
    runs = true;
    try {
      await work();
    } finally {
      runs = false;
      if (again) {
        again = false;
        ask();
      }
    }
  };
  const ask = () => {
    if (until?.aborted) return;
    if (runs) again = true;
    else timer ??= setTimeout(go, after);
  };
  until?.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return ask;
}
