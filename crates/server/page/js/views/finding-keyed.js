// @ts-check
// A list that is brought up to date in place: what is the same stays the same element, with its focus and what is open.

/**
 * @template T
 * @typedef {{ key: (item: T) => string, isSame: (before: T, now: T) => boolean, make: (item: T) => HTMLElement,
 *   change?: (element: HTMLElement, item: T) => void }} Keyed `change` brings an element up to date, where it can; else it
 *   is made anew.
 */

/**
 * @template T
 * @param {HTMLElement} host Holds nothing else.
 * @param {Keyed<T>} how
 * @returns {(items: T[]) => void}
 */
export function keyed(host, { key, isSame, make, change }) {
  /** @type {Map<string, { item: T, element: HTMLElement }>} */
  let known = new Map();
  return (items) => {
    /** @type {typeof known} */
    const now = new Map();
    for (const item of items) {
      let name = key(item);
      while (now.has(name)) name += "+";
      const before = known.get(name);
      if (before && isSame(before.item, item)) now.set(name, before);
      else if (before && change) {
        change(before.element, item);
        now.set(name, { item, element: before.element });
      } else now.set(name, { item, element: make(item) });
    }
    for (const [name, { element }] of known) if (now.get(name)?.element !== element) element.remove();
    let at = host.firstElementChild;
    for (const { element } of now.values()) {
      if (element === at) at = at.nextElementSibling;
      else host.insertBefore(element, at);
    }
    known = now;
  };
}
