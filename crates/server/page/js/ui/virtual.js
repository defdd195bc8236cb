// @ts-check
// A list of any length, of which only the rows that can be seen are elements.
//
// Browsers stop making boxes taller past some millions of pixels, so the height that scrolls has a limit, and a scroll
// position stands for a share of the list beyond that.

import { fill, h } from "../dom.js";

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
 *   role?: string, label: string, until: AbortSignal }} options `row` makes one row; `ranged` hears which are seen.
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
    const made = [];
    for (let index = first; index < end; index += 1) {
      const one = row(index);
      one.dataset.index = String(index);
      one.setAttribute("aria-rowindex", String(index + 2));
      one.style.setProperty("height", `${rowHeight}px`);
      made.push(one);
    }
    fill(rows, made);
    position(top, from);
    if (had) /** @type {HTMLElement | null} */ (rows.querySelector(`[data-index="${had}"]`))?.focus({ preventScroll: true });
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
      element.setAttribute("aria-rowcount", String(total + 1));
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
