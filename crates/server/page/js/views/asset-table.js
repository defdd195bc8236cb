// @ts-check
// The grid of assets: its rows, its keys, and what is selected in it. Where rows come from, it is told.

/** @import { ListedAsset, ListSort } from "../types.js" */
/** @import { Pages } from "./asset-pages.js" */

import { h } from "../dom.js";
import { ago, bytes, exact, number } from "../format.js";
import { icon } from "../icons.js";
import { severityMark, statePill } from "../ui/pills.js";
import { virtualList } from "../ui/virtual.js";
import { nameOf } from "./asset-actions.js";
import { keyOf, moved, span } from "./asset-selection.js";

/** @typedef {{ by: ListSort, descending: boolean }} Order */

const ROW_HEIGHT = 32;

/** What is asked of the grid's owner. */
/**
 * @typedef {object} Owner
 * @property {Pages<ListedAsset>} pages
 * @property {import("./asset-selection.js").Selection} selection
 * @property {() => Order} order
 * @property {(by: ListSort) => void} sort
 * @property {(asset: ListedAsset, index: number) => void} open Shows the details.
 * @property {(asset: ListedAsset) => void} attend The keys went on to this row.
 * @property {() => boolean} leave Escape, where nothing is selected.
 * @property {(asset: ListedAsset) => void} turn Takes it into the build, or out of it.
 * @property {(first: number, end: number, isMore: boolean) => void} selectRange
 * @property {() => void} selectAll
 * @property {() => void} selected The selection is another.
 * @property {(asset: ListedAsset) => boolean} isOpen
 * @property {AbortSignal} until
 */

/** @type {{ name: string, label: string, sort?: ListSort, isNumber?: boolean }[]} */
const COLUMNS = [
  { name: "included", label: "Build" },
  { name: "address", label: "Address", sort: "address" },
  { name: "importer", label: "Kind" },
  { name: "bytes", label: "Size", sort: "bytes", isNumber: true },
  { name: "parts", label: "Parts", sort: "parts", isNumber: true },
  { name: "state", label: "State" },
  { name: "worst", label: "Findings", sort: "worst" },
  { name: "built", label: "Built", sort: "last_built" },
];

/** @param {Owner} owner */
export function assetTable(owner) {
  const { pages, selection, until } = owner;
  let active = 0;
  /** The key of the active row, by which it is found again when rows came or went. @type {string | null} */
  let activeKey = null;
  let isDrawing = false;
  /** Where the keys went before the row was known. @type {number | null} */
  let arriving = null;
  /** @type {Map<number, { element: HTMLElement, said: string }>} */
  const made = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let asking;

  const list = virtualList({ rowHeight: ROW_HEIGHT, row, ranged, label: "Assets", until });
  const header = headerRow(owner);
  const element = h(
    "div",
    { class: "asset-grid", role: "grid", "aria-label": "Assets", "aria-multiselectable": "true", "aria-colcount": String(COLUMNS.length + 1), "aria-busy": "true" },
    h("div", { class: "asset-head", role: "rowgroup" }, header.element),
    list.element,
  );
  until.addEventListener("abort", () => clearTimeout(asking), { once: true });
  // The head stands above the rows, not above their scroll bar.
  const observer = new ResizeObserver(() => header.element.style.setProperty("margin-right", `${list.element.offsetWidth - list.element.clientWidth}px`));
  observer.observe(list.element);
  until.addEventListener("abort", () => observer.disconnect(), { once: true });

  /** @param {number} index */
  function row(index) {
    const asset = pages.row(index);
    const said = asset ? JSON.stringify(asset) : "";
    const known = made.get(index);
    const one = known?.said === said ? known : { element: asset ? assetRow(asset) : skeletonRow(index), said };
    made.set(index, one);
    paint(index, one.element);
    return one.element;
  }

  /**
   * What is not the asset's own: whether it is selected, active, open.
   *
   * @param {number} index
   * @param {HTMLElement} one
   */
  function paint(index, one) {
    const asset = pages.row(index);
    const isSelected = asset ? selection.has(asset) : false;
    one.tabIndex = index === active ? 0 : -1;
    one.setAttribute("aria-selected", String(isSelected));
    one.querySelector("[role=checkbox]")?.setAttribute("aria-checked", String(isSelected));
    if (asset && owner.isOpen(asset)) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }

  function paintAll() {
    const { first, end } = list.range();
    for (const [index, { element: one }] of made) if (index >= first && index < end) paint(index, one);
    list.element.tabIndex = active >= first && active < end && pages.total !== 0 ? -1 : 0;
    header.paint(selection.size, pages.total ?? 0);
  }

  /**
   * @param {number} first
   * @param {number} end
   */
  function ranged(first, end) {
    for (const index of made.keys()) if (index < first || index >= end) made.delete(index);
    list.element.tabIndex = active >= first && active < end ? -1 : 0;
    if (isKnown(first, end)) {
      pages.see(first, end);
      return;
    }
    // Not for every row that goes by: what is seen a moment later is asked for.
    asking ??= setTimeout(() => {
      asking = undefined;
      const now = list.range();
      pages.see(now.first, now.end);
    }, 40);
  }

  const isKnown = (/** @type {number} */ first, /** @type {number} */ end) => {
    for (let index = first; index < end; index += 1) if (!pages.row(index)) return false;
    return true;
  };

  /** @param {number} index */
  function activate(index) {
    active = index;
    const asset = pages.row(index);
    activeKey = asset ? keyOf(asset) : null;
    paintAll();
  }

  /** @param {number} index */
  function focusRow(index) {
    list.reveal(index);
    activate(index);
    made.get(index)?.element.focus({ preventScroll: true });
  }

  /** @param {Event} event */
  const indexAt = (event) => {
    const one = event.target instanceof Element ? event.target.closest(".asset-row") : null;
    return one instanceof HTMLElement && one.dataset.index ? Number(one.dataset.index) : null;
  };
  /** @param {Event} event */
  const doing = (event) => (event.target instanceof Element ? event.target.closest("[data-do]")?.getAttribute("data-do") : null) ?? null;

  // Rows hold the focus, not what is in them: keys mean the same wherever one clicked.
  list.element.addEventListener("mousedown", (event) => {
    const index = indexAt(event);
    if (index === null || doing(event) === null) return;
    event.preventDefault();
    activate(index);
    made.get(index)?.element.focus({ preventScroll: true });
  });
  list.element.addEventListener("click", (event) => {
    const index = indexAt(event);
    const asset = index === null ? undefined : pages.row(index);
    if (index === null || !asset) return;
    const what = doing(event);
    if (what === "turn") owner.turn(asset);
    else if (event.shiftKey) range(index, event.ctrlKey || event.metaKey);
    else if (what === "select" || event.ctrlKey || event.metaKey) {
      selection.toggle(asset, index);
      owner.selected();
    } else {
      selection.only(asset, index);
      owner.selected();
      owner.open(asset, index);
    }
  });
  list.element.addEventListener("focusin", (event) => {
    const index = indexAt(event);
    if (index !== null && index !== active && !isDrawing) activate(index);
  });
  list.element.addEventListener("keydown", (event) => {
    const total = pages.total ?? 0;
    const asset = pages.row(active);
    const page = Math.max(1, Math.floor(list.element.clientHeight / ROW_HEIGHT) - 1);
    const to = event.altKey ? null : moved(event.key, { at: active, total, page });
    if (to !== null) {
      event.preventDefault();
      const from = active;
      focusRow(to);
      if (event.shiftKey) {
        selection.anchor ??= from;
        range(to, false);
      }
      if (event.shiftKey) selection.follows = false;
      arrive(to);
      return;
    }
    const isMore = event.ctrlKey || event.metaKey;
    if (isMore && event.key.toLowerCase() === "a") owner.selectAll();
    else if (event.key === " " && asset && event.shiftKey) range(active, false);
    else if (event.key === " " && asset) {
      selection.toggle(asset, active);
      owner.selected();
    } else if (event.key === "Enter" && asset) owner.open(asset, active);
    else if (event.key === "i" && !isMore && asset?.registered) owner.turn(asset);
    else if (event.key === "Escape") {
      if (selection.size) {
        selection.clear();
        owner.selected();
      } else if (!owner.leave()) return;
    } else return;
    event.preventDefault();
  });

  /** The keys came to a row; where it is not known yet, that is looked at again when it is. @param {number} index */
  function arrive(index) {
    const asset = pages.row(index);
    arriving = asset ? null : index;
    if (!asset) return;
    if (selection.follows && !selection.has(asset)) {
      selection.only(asset, index);
      owner.selected();
    }
    owner.attend(asset);
  }

  /**
   * From where the last click was to here.
   *
   * @param {number} index
   * @param {boolean} isMore
   */
  function range(index, isMore) {
    selection.anchor ??= index;
    const { first, end } = span(selection.anchor, index);
    owner.selectRange(first, end, isMore);
  }

  return {
    element,
    list,
    paint: paintAll,
    header,
    /** Other rows are here. @param {{ isAnew: boolean }} what */
    draw({ isAnew }) {
      const total = pages.total;
      element.setAttribute("aria-busy", String(total === null));
      element.setAttribute("aria-rowcount", String((total ?? 0) + 1));
      if (isAnew) {
        list.element.scrollTop = 0;
        active = 0;
        activeKey = null;
        arriving = null;
      } else if (activeKey !== null) {
        const found = pages.row(active);
        if (!found || keyOf(found) !== activeKey) for (const [index, one] of pages.known()) if (keyOf(one) === activeKey) active = index;
      }
      active = Math.max(0, Math.min(active, (total ?? 1) - 1));
      const now = pages.row(active);
      if (now) activeKey ??= keyOf(now);
      if (arriving !== null && arriving === active && now) arrive(active);
      const hadFocus = list.element.contains(document.activeElement);
      isDrawing = true;
      list.resize(total ?? Math.ceil(window.innerHeight / ROW_HEIGHT));
      if (hadFocus) (made.get(active)?.element ?? list.element).focus({ preventScroll: true });
      isDrawing = false;
      paintAll();
    },
    /** The row that the keys are at, seen and focused. */
    focus() {
      focusRow(active);
    },
    /** @param {string} key */
    activateKey(key) {
      for (const [index, one] of pages.known()) if (keyOf(one) === key) activate(index);
    },
  };
}

/** @param {Owner} owner */
function headerRow(owner) {
  const all = h("button", { class: "asset-tick", role: "checkbox", "aria-checked": "false", "aria-label": "Select all", title: "Select all (Ctrl A)" });
  all.addEventListener("click", () => {
    if (owner.selection.size) {
      owner.selection.clear();
      owner.selected();
    } else owner.selectAll();
  });
  const columns = COLUMNS.map(({ name, label, sort, isNumber }) => {
    const arrow = h("span", { class: "asset-arrow" }, icon("down"));
    const inside = sort ? h("button", { class: "asset-sort", on: { click: () => owner.sort(sort) } }, label, arrow) : h("span", null, label);
    return { sort, cell: h("div", { class: `asset-cell ${name} ${isNumber ? "number" : ""}`, role: "columnheader" }, inside) };
  });
  const element = h("div", { class: "asset-columns", role: "row", "aria-rowindex": "1" }, h("div", { class: "asset-cell select", role: "columnheader" }, all), columns.map((one) => one.cell));
  return {
    element,
    order() {
      const { by, descending } = owner.order();
      for (const { sort, cell } of columns) {
        if (!sort) continue;
        cell.setAttribute("aria-sort", sort === by ? (descending ? "descending" : "ascending") : "none");
      }
    },
    /**
     * @param {number} n
     * @param {number} total
     */
    paint(n, total) {
      all.setAttribute("aria-checked", n === 0 ? "false" : n >= total ? "true" : "mixed");
      all.setAttribute("aria-label", n === 0 ? "Select all" : "Select none");
      all.disabled = total === 0;
    },
  };
}

/** @param {ListedAsset} asset */
function assetRow(asset) {
  const name = nameOf(asset);
  const kind = asset.quarantined ? "asset-away" : !asset.registered ? "asset-new" : asset.included ? "asset-in" : "asset-out";
  return h(
    "div",
    { class: `asset-row asset-columns ${kind}`, role: "row" },
    cell("select", h("button", { class: "asset-tick", role: "checkbox", "aria-checked": "false", tabindex: "-1", "aria-label": `Select ${name}`, data: { do: "select" } })),
    cell("included", inclusion(asset)),
    cell("address", addressOf(asset)),
    cell("importer", asset.importer ? h("span", { class: "cut soft" }, asset.importer) : null),
    cell("bytes number", bytes(asset.bytes)),
    cell("parts number", asset.parts === null ? nothing("not built") : number(asset.parts)),
    cell("state", asset.state === "healthy" ? h("span", { class: "visually-hidden" }, "healthy") : statePill(asset.state)),
    cell("worst", asset.worst ? h("span", { class: "asset-finding", data: { severity: asset.worst } }, severityMark(asset.worst), h("span", { class: "asset-word" }, asset.worst)) : nothing("none")),
    cell("built", asset.last_built ? h("time", { class: "cut soft", datetime: asset.last_built, title: exact(asset.last_built) }, ago(asset.last_built)) : nothing("never")),
  );
}

/**
 * @param {string} names
 * @param {import("../dom.js").Child} content
 */
const cell = (names, content) => h("div", { class: `asset-cell ${names}`, role: "gridcell" }, content);

/** @param {string} word What a screen reader says in place of the stroke. */
const nothing = (word) => h("span", { class: "faint" }, h("span", { "aria-hidden": "true" }, "–"), h("span", { class: "visually-hidden" }, word));

/** @param {ListedAsset} asset */
function inclusion(asset) {
  if (asset.quarantined) return h("span", { class: "asset-standing", title: "It waits in quarantine" }, icon("archive", "quarantined"));
  if (!asset.registered) return h("span", { class: "asset-standing", title: "Not registered: it holds a manifest, and is not in the registry" }, icon("help", "not registered"));
  const text = asset.included ? "In the build: take it out (I)" : "Not in the build: take it in (I)";
  return h("button", { class: "asset-switch-toggle", role: "switch", "aria-checked": String(asset.included), tabindex: "-1", "aria-label": `${nameOf(asset)} in the build`, title: text, data: { do: "turn" } });
}

/** @param {ListedAsset} asset */
function addressOf({ address, root, labels }) {
  const tags = labels.length ? h("span", { class: "asset-tags" }, labels.slice(0, 3).map((label) => h("span", { class: "asset-tag" }, label)), labels.length > 3 ? h("span", { class: "faint" }, `+${labels.length - 3}`) : null) : null;
  if (address === null) return h("span", { class: "cut asset-names", title: root }, h("span", { class: "asset-root-only" }, root), h("span", { class: "faint" }, " no address"), tags);
  const where = root === address ? null : h("span", { class: "faint asset-root" }, root);
  return h("span", { class: "cut asset-names", title: where ? `${address}\nin ${root}` : address }, h("span", { class: "asset-address-text" }, address), where, tags);
}

/** @param {number} index */
function skeletonRow(index) {
  const width = 30 + ((index * 37) % 45);
  const bone = (/** @type {string} */ w) => h("span", { class: "asset-bone", style: { width: w } });
  return h(
    "div",
    { class: "asset-row asset-columns asset-skeleton", role: "row" },
    cell("select", null), cell("included", bone("26px")), cell("address", bone(`${width}%`)), cell("importer", bone("60%")), cell("bytes number", bone("50px")),
    cell("parts number", bone("24px")), cell("state", null), cell("worst", null), cell("built", bone("60%")),
  );
}

