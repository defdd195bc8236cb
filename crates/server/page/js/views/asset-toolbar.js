// @ts-check
// What stands above the grid: search, filters, and below them one line that counts, or says what is selected.

/** @import { Project } from "../project.js" */
/** @import { ListedAsset, State } from "../types.js" */
/** @import { Shown, Wanted } from "./asset-rules.js" */
/** @import { Selection, Tally } from "./asset-selection.js" */

import { fill, h } from "../dom.js";
import { bytes, count, number } from "../format.js";
import { icon } from "../icons.js";
import { menu, popover } from "../ui/overlay.js";
import { button } from "../ui/places.js";
import { register, removeItems, setIncluded } from "./asset-actions.js";
import { IMPORTERS } from "./asset-register.js";
import { isNarrow } from "./asset-rules.js";

/** @type {[Shown, string, string][]} */
const SHOWN = [
  ["all", "All", "All that lies below the assets folder, registered or not"],
  ["included", "Included", "In the build"],
  ["excluded", "Excluded", "Registered, and not in the build"],
  ["unregistered", "Unregistered", "Folders with a manifest that the registry does not know"],
  ["quarantined", "Quarantined", "Removed, and kept until they are restored or purged"],
];

/** @type {State[]} */
const STATES = ["healthy", "stale", "reconciling", "diverged", "committing", "failed"];

/**
 * @param {{ wanted: () => Wanted, want: (change: Partial<Wanted>) => void, labels: () => string[], until: AbortSignal }} owner
 */
export function filterBar({ wanted, want, labels, until }) {
  const search = h("input", { class: "field", type: "search", placeholder: "Search addresses and folders", "aria-label": "Search assets", "aria-keyshortcuts": "/", autocomplete: "off", spellcheck: "false" });
  const key = h("kbd", { "aria-hidden": "true" }, "/");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  const say = () => {
    clearTimeout(typing);
    typing = undefined;
    want({ text: search.value });
  };
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(say, 140);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") say();
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (search.value) {
      search.value = "";
      say();
    } else search.blur();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    search.focus();
    search.select();
  }, { signal: until });
  until.addEventListener("abort", () => clearTimeout(typing), { once: true });

  const segments = SHOWN.map(([name, label, title]) => h("button", { class: "asset-segment", title, data: { name }, on: { click: () => want({ shown: name }) } }, label));
  const group = h("div", { class: "asset-segments", role: "group", "aria-label": "Which assets" }, segments);
  const select = h("select", { class: "field asset-segments-small", "aria-label": "Which assets", on: { change: () => want({ shown: /** @type {Shown} */ (select.value) }) } }, SHOWN.map(([name, label]) => h("option", { value: name }, label)));
  const more = h("button", { class: "button asset-filter-button" });
  popover(more, () => filterForm(wanted(), want, labels()), "asset-filter-pop");

  return {
    element: h("div", { class: "asset-filters", role: "search" }, h("div", { class: "asset-search-box" }, icon("search"), search, key), group, select, more),
    search,
    draw() {
      const now = wanted();
      if (typing === undefined && document.activeElement !== search) search.value = now.text;
      for (const segment of segments) segment.setAttribute("aria-pressed", String(segment.dataset.name === now.shown));
      select.value = now.shown;
      const n = [now.problems, now.label, now.importer, now.state].filter(Boolean).length;
      fill(more, icon("filter"), "Filter", n ? h("span", { class: "count on" }, String(n)) : null);
    },
  };
}

/**
 * @param {Wanted} now
 * @param {(change: Partial<Wanted>) => void} want
 * @param {string[]} labels
 */
function filterForm(now, want, labels) {
  const problems = h("input", { type: "checkbox", checked: now.problems, on: { change: () => want({ problems: problems.checked }) } });
  const choice = (/** @type {"importer" | "state"} */ name, /** @type {string} */ label, /** @type {string[]} */ values) => {
    const select = h("select", { class: "field", id: `filter-${name}`, on: { change: () => want({ [name]: select.value }) } }, h("option", { value: "" }, "any"), values.map((one) => h("option", { value: one, selected: one === now[name] }, one)));
    return [h("label", { for: `filter-${name}` }, label), select];
  };
  const label = h("input", { class: "field", id: "filter-label", value: now.label, placeholder: "any", list: "filter-labels", autocomplete: "off", on: { change: () => want({ label: label.value.trim() }) } });
  return h(
    "div",
    { class: "asset-filter-form" },
    h("label", { class: "asset-check asset-wide" }, problems, "Only with findings"),
    h("label", { for: "filter-label" }, "Label"),
    h("div", null, label, h("datalist", { id: "filter-labels" }, labels.map((one) => h("option", { value: one })))),
    choice("importer", "Importer", [...IMPORTERS, "by pattern"]),
    choice("state", "State", STATES),
  );
}

/**
 * The line under the filters. Its height never changes: where something is selected, it says so in place of counting.
 *
 * @param {{ project: Project, wanted: () => Wanted, want: (change: Partial<Wanted>) => void, selection: Selection, clear: () => void,
 *   selectAll: () => void, registerFolder: () => void }} owner
 */
export function countLine({ project, wanted, want, selection, clear, selectAll, registerFolder }) {
  const element = h("div", { class: "asset-line" });
  const live = h("span", { class: "visually-hidden", role: "status" });
  const counted = h("div", { class: "row asset-line-content" });
  const bar = selectionBar({ project, selection, clear });
  element.append(counted, bar.element, live);
  let spoken = "";

  return {
    element,
    /**
     * @param {{ total: number | null, everything: number | null, bytes: number | null, isSelecting: boolean }} what
     */
    draw({ total, everything, bytes: size, isSelecting }) {
      const tally = selection.tally();
      const isCounting = tally.all === 0 && !isSelecting;
      counted.hidden = !isCounting;
      bar.element.hidden = isCounting;
      bar.draw(tally, isSelecting, total !== null && tally.all < total ? { label: `Select all ${number(total)}`, run: selectAll } : null);
      const now = wanted();
      const said = total === null ? "Counting…" : everything !== null && isNarrow(now) && everything !== total ? `${number(total)} of ${count(everything, "asset")}` : count(total, "asset");
      fill(
        counted,
        h("span", { class: "asset-counted" }, said),
        size === null || total === 0 ? null : h("span", { class: "faint", title: "The size of their sources" }, bytes(size)),
        chips(now, want),
        h("span", { class: "grow" }),
        button("Register a folder…", { icon: "plus", tone: "small quiet", click: registerFolder }),
      );
      const aloud = isCounting ? said : `${number(tally.all)} selected`;
      if (aloud !== spoken) fill(live, aloud);
      spoken = aloud;
    },
  };
}

/**
 * The filters that hold, each with a way out of it.
 *
 * @param {Wanted} now
 * @param {(change: Partial<Wanted>) => void} want
 */
function chips(now, want) {
  const chip = (/** @type {string} */ text, /** @type {Partial<Wanted>} */ without) =>
    h("button", { class: "asset-filter-chip", title: "Take this filter away", "aria-label": `Without the filter ${text}`, on: { click: () => want(without) } }, h("span", { class: "cut" }, text), icon("close"));
  return [
    now.problems ? chip("with findings", { problems: false }) : null,
    now.label ? chip(`label ${now.label}`, { label: "" }) : null,
    now.importer ? chip(`importer ${now.importer}`, { importer: "" }) : null,
    now.state ? chip(now.state, { state: "" }) : null,
  ];
}

/** @param {{ project: Project, selection: Selection, clear: () => void }} owner */
function selectionBar({ project, selection, clear }) {
  const words = h("span", { class: "asset-counted" });
  const size = h("span", { class: "faint" });
  const rest = h("button", { class: "button small quiet asset-link" });
  /** @type {() => void} */
  let runRest = () => {};
  rest.addEventListener("click", () => runRest());
  let isBusy = false;
  /** @type {Tally} */
  let tally = selection.tally();
  /**
   * @param {string} label
   * @param {import("../icons.js").IconName} mark
   * @param {(tally: Tally) => ListedAsset[]} which
   * @param {(assets: ListedAsset[]) => Promise<unknown>} run
   */
  const action = (label, mark, which, run) => {
    const element = h("button", { class: "button small" });
    element.addEventListener("click", async () => {
      if (isBusy) return;
      isBusy = true;
      try {
        await run(which(tally));
      } finally {
        isBusy = false;
      }
    });
    return {
      element,
      draw() {
        const n = which(tally).length;
        element.hidden = n === 0;
        fill(element, icon(mark), n === tally.all ? label : `${label} ${number(n)}`);
      },
    };
  };
  const actions = [
    action("Include", "plus", (now) => now.includable, (assets) => setIncluded(project, assets, true)),
    action("Exclude", "minus", (now) => now.excludable, (assets) => setIncluded(project, assets, false)),
    action("Register", "check", (now) => now.registrable, (assets) => register(project, assets)),
  ];
  const remove = h("button", { class: "button small" });
  menu(remove, () => removeItems(project, () => tally.removable));
  const none = h("button", { class: "button quiet small square", "aria-label": "Select none", title: "Select none (Escape)", on: { click: clear } }, icon("close"));
  const note = h("a", { class: "faint", href: `#/${encodeURIComponent(project.id)}/quarantine` }, "Restore or purge in Quarantine");
  const element = h("div", { class: "row asset-line-content asset-selecting", role: "toolbar", "aria-label": "What to do with the selected assets", hidden: true }, none, words, size, rest, h("span", { class: "grow" }), note, actions.map((one) => one.element), remove);
  return {
    element,
    /**
     * @param {Tally} now
     * @param {boolean} isSelecting
     * @param {{ label: string, run: () => void } | null} all
     */
    draw(now, isSelecting, all) {
      tally = now;
      fill(words, isSelecting ? "Selecting…" : `${number(now.all)} selected`);
      fill(size, isSelecting || now.all === 0 ? "" : bytes(now.bytes));
      rest.hidden = isSelecting || !all || now.all < 2;
      if (all) {
        fill(rest, all.label);
        runRest = all.run;
      }
      for (const one of actions) {
        one.draw();
        one.element.disabled = isSelecting;
      }
      const n = now.removable.length;
      remove.hidden = n === 0;
      remove.disabled = isSelecting;
      fill(remove, icon("trash"), n === now.all ? "Remove" : `Remove ${number(n)}`, icon("down"));
      note.hidden = now.quarantined === 0 || now.quarantined < now.all;
    },
  };
}
