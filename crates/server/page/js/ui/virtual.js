// @ts-check
// A list of any length, of which only the rows that can be seen are elements.
//
// Browsers stop making boxes taller past some millions of pixels, so the height that scrolls has a limit, and a scroll
// position stands for a share of the list beyond that.

import { h } from "../dom.js";

const TALLEST = 8_000_000;
const BEYOND = 8;

/**
 * @typedef {object} VirtualList
 * @property {HTMLElement} element
 * @property {(total: number) => void} resize Says how many rows there are.
 * @property {() => void} redraw Makes the rows that are seen anew.
 * @property {(index: number) => void} reveal Scrolls so that this row is seen.
 * @property {() => { first: number, end: number }} range The rows that are seen, or nearly.
 */

/**
 * @param {{ rowHeight: number, row: (index: number) => HTMLElement, ranged?: (first: number, end: number) => void,
 *   role?: string, label: string, until: AbortSignal }} options `row` makes one row, or gives one that it made before;
 *   `ranged` hears which are seen. How many there are in all, the grid around it says (`aria-rowcount`).
 * @returns {VirtualList}
 */
export function virtualList({ rowHeight, row, ranged, role = "rowgroup", label, until }) {
  const rows = h("div", { class: "virtual-rows", role: "presentation" });
  const runway = h("div", { class: "virtual-runway", role: "presentation" }, rows);
  const element = h("div", { class: "virtual", role, "aria-label": label, tabindex: "-1" }, runway);
  let total = 0;
  let first = 0;
  let end = 0;
  let frame = 0;
  /** @type {Map<number, HTMLElement>} */
  let byIndex = new Map();

  const tall = () => Math.min(total * rowHeight, TALLEST);
  const topRow = () => {
    const room = tall() - element.clientHeight;
    if (tall() === total * rowHeight || room <= 0) return element.scrollTop / rowHeight;
    return (element.scrollTop / room) * Math.max(0, total - element.clientHeight / rowHeight);
  };

  /** @param {boolean} isAnew */
  const draw = (isAnew) => {
    frame = 0;
    const top = topRow();
    const seen = Math.ceil(element.clientHeight / rowHeight);
    const from = Math.max(0, Math.floor(top) - BEYOND);
    const to = Math.min(total, Math.ceil(top) + seen + BEYOND);
    if (!isAnew && from === first && to === end) {
      position(top, from);
      return;
    }
    [first, end] = [from, to];
    ranged?.(first, end);
    const had = rows.contains(document.activeElement) ? document.activeElement?.getAttribute("data-index") : null;
    const kept = isAnew ? new Map() : byIndex;
    byIndex = new Map();
    for (let index = first; index < end; index += 1) {
      const known = kept.get(index);
      const one = known ?? row(index);
      byIndex.set(index, one);
      if (known) continue;
      one.dataset.index = String(index);
      one.setAttribute("aria-rowindex", String(index + 2));
      one.style.setProperty("height", `${rowHeight}px`);
    }
    put(rows, [...byIndex.values()]);
    position(top, from);
    // Who had the focus keeps it; where that row is out of sight, the list has it, so that keys go on working.
    if (had !== null && had !== undefined && !rows.contains(document.activeElement)) (byIndex.get(Number(had)) ?? element).focus({ preventScroll: true });
  };

  /**
   * @param {number} top
   * @param {number} from
   */
  const position = (top, from) => {
    rows.style.setProperty("transform", `translateY(${element.scrollTop - (top - from) * rowHeight}px)`);
  };

  const later = () => (frame ||= requestAnimationFrame(() => draw(false)));
  element.addEventListener("scroll", later, { passive: true, signal: until });
  const observer = new ResizeObserver(later);
  observer.observe(element);
  until.addEventListener("abort", () => observer.disconnect(), { once: true });

  return {
    element,
    resize(rowsInAll) {
      total = rowsInAll;
      runway.style.setProperty("height", `${tall()}px`);
      draw(true);
    },
    redraw: () => draw(true),
    reveal(index) {
      const seen = element.clientHeight / rowHeight;
      const top = topRow();
      const wanted = index < top ? index : index + 1 > top + seen ? index + 1 - seen : top;
      if (wanted === top) return;
      const room = tall() - element.clientHeight;
      const share = tall() === total * rowHeight ? wanted * rowHeight : (wanted / Math.max(1, total - seen)) * room;
      element.scrollTop = share;
      draw(false);
    },
    range: () => ({ first, end }),
  };
}

/**
 * Makes these the rows, and leaves in place what stays: an element that is pressed or focused is not taken out.
 *
 * @param {HTMLElement} rows
 * @param {HTMLElement[]} wanted
 */
function put(rows, wanted) {
  const stays = new Set(/** @type {Element[]} */ (wanted));
  for (const old of [...rows.children]) if (!stays.has(old)) old.remove();
  let at = rows.firstElementChild;
  for (const one of wanted) {
    if (one === at) at = at.nextElementSibling;
    else rows.insertBefore(one, at);
  }
}
