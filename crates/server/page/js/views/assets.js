// @ts-check
// The assets of a project: the list, what is selected in it, and beside it the details of one.

/** @import { ViewContext } from "../main.js" */
/** @import { ListedAsset, ListSort } from "../types.js" */
/** @import { Shown, Wanted } from "./asset-rules.js" */
/** @import { Order } from "./asset-table.js" */

import { fill, h } from "../dom.js";
import { count } from "../format.js";
import { icon } from "../icons.js";
import { note, route } from "../router.js";
import { soon } from "../signal.js";
import { toast } from "../ui/overlay.js";
import { blockerList, button, empty, notice } from "../ui/places.js";
import { copyButton, register, setIncluded } from "./asset-actions.js";
import { Pages } from "./asset-pages.js";
import { registerDialog } from "./asset-register.js";
import { filterOf, isNarrow } from "./asset-rules.js";
import { Selection } from "./asset-selection.js";
import { assetTable } from "./asset-table.js";
import { countLine, filterBar } from "./asset-toolbar.js";
import { detail } from "./detail.js";

/** How many rows one answer may hold. */
const MOST = 10_000;

/** The service answered that it cannot list. */
class Refused extends Error {
  /** @param {import("../types.js").Response} response */
  constructor(response) {
    super(response.blockers[0]?.message ?? response.summary);
    this.blockers = response.blockers;
  }
}

/** @param {ViewContext} context */
export function assets({ project, host, until }) {
  host.classList.add("fixed");
  let question = readQuestion();
  /** How many there are without a filter. @type {number | null} */
  let everything = null;
  let isSelecting = false;
  /** @type {AbortController | null} */
  let selecting = null;

  const selection = new Selection();
  const pages = /** @type {Pages<ListedAsset>} */ (new Pages({ fetch: fetchRows, changed }));

  /**
   * @param {number} start
   * @param {number} limit
   * @param {AbortSignal} [stop]
   * @param {Wanted} [wanted]
   */
  async function fetchRows(start, limit, stop, wanted = question.wanted) {
    const { by, descending } = question.order;
    const response = await project.call("list_assets", { filter: filterOf(wanted), sort: by, descending, limit, ...(start ? { cursor: String(start) } : {}) }, stop);
    if (response.status !== "ok") throw new Refused(response);
    return { rows: response.data.assets, total: response.data.total };
  }

  const table = assetTable({
    pages,
    selection,
    until,
    order: () => question.order,
    sort(by) {
      const { order } = question;
      const isSame = order.by === by;
      noteQuestion({ order: { by, descending: isSame ? !order.descending : by !== "address" && by !== "root" } });
    },
    open: (asset) => pane.open(asset),
    attend: (asset) => pane.attend(asset),
    leave: () => pane.close(),
    turn: (asset) => void setIncluded(project, [asset], !asset.included),
    isOpen: (asset) => pane.isOpen(asset),
    selectRange,
    selectAll,
    selected,
  });
  const filters = filterBar({ wanted: () => question.wanted, want: (change) => noteQuestion({ wanted: { ...question.wanted, ...change } }), labels, until });
  const line = countLine({
    project, selection, selectAll,
    wanted: () => question.wanted,
    want: (change) => noteQuestion({ wanted: { ...question.wanted, ...change } }),
    clear: () => {
      selection.clear();
      selected();
      table.focus();
    },
    registerFolder: () => registerDialog(project),
  });
  const begin = h("div", { class: "asset-begin", hidden: true });
  const place = h("div", { class: "asset-empty", hidden: true });
  const pane = detail({ project, until, changed: () => table.paint(), closed: () => table.focus() });
  const list = h("section", { class: "asset-list", "aria-label": "Assets of the project" }, h("h2", { class: "visually-hidden" }, "Assets"), filters.element, line.element, begin, table.element, place);
  const view = h("div", { class: "assets" }, list, pane.resizer, pane.element);
  host.append(view);

  function changed(/** @type {{ isAnew: boolean }} */ what) {
    table.draw(what);
    drawPlaces();
    learn();
  }

  /** What the selection stands for may be another now. */
  function learn() {
    if (!selection.size) {
      drawLine();
      return;
    }
    const known = [...pages.known()].map(([, asset]) => asset);
    const n = selection.learn(known);
    if (pages.isWhole()) selection.settle(known);
    else if (n < selection.size) readSelected();
    selected();
  }

  const readSelected = soon(async () => {
    if (isSelecting || !selection.size) return;
    try {
      const all = await fetchAll(until);
      if (isSelecting || !all) return;
      selection.settle(all);
      selected();
    } catch {
      // The list itself says what is wrong.
    }
  }, 900, until);

  /**
   * Every row of the list as it is asked for now; null where the question became another meanwhile.
   *
   * @param {AbortSignal} stop
   * @param {number} [first]
   * @param {number} [end]
   */
  async function fetchAll(stop, first = 0, end = Infinity) {
    const asked = question;
    /** @type {ListedAsset[]} */
    const rows = [];
    for (let start = first; start < end; start += MOST) {
      const answer = await fetchRows(start, Math.min(MOST, end - start), stop);
      if (asked !== question) return null;
      rows.push(...answer.rows);
      if (start + MOST >= answer.total) break;
    }
    return rows;
  }

  /**
   * Selects rows that may have to be fetched first.
   *
   * @param {number} first
   * @param {number} end
   * @param {boolean} isMore
   */
  async function select(first, end, isMore) {
    selecting?.abort();
    const stop = new AbortController();
    selecting = stop;
    until.addEventListener("abort", () => stop.abort(), { once: true, signal: stop.signal });
    isSelecting = true;
    drawLine();
    try {
      const rows = await fetchAll(stop.signal, first, end);
      if (selecting === stop && rows) selection.take(rows, { isMore });
    } catch (error) {
      if (!stop.signal.aborted) toast("bad", "The selection could not be made", { detail: error instanceof Error ? error.message : undefined });
    } finally {
      if (selecting === stop) {
        isSelecting = false;
        selecting = null;
        selected();
      }
    }
  }

  function selectRange(/** @type {number} */ first, /** @type {number} */ end, /** @type {boolean} */ isMore) {
    /** @type {ListedAsset[]} */
    const rows = [];
    for (let index = first; index < end; index += 1) {
      const asset = pages.row(index);
      if (!asset) {
        select(first, end, isMore);
        return;
      }
      rows.push(asset);
    }
    selection.take(rows, { isMore });
    selected();
  }

  function selectAll() {
    if (pages.total) select(0, pages.total, false);
  }

  function selected() {
    table.paint();
    drawLine();
  }

  function drawLine() {
    const isWhole = pages.isWhole();
    const counts = project.status.get()?.counts;
    let size = isNarrow(question.wanted) || !counts ? null : counts.bytes;
    if (isWhole) {
      size = 0;
      for (const [, asset] of pages.known()) size += asset.bytes;
    }
    line.draw({ total: pages.total, everything, bytes: size, isSelecting });
  }

  /** What stands in the grid's place where there is nothing to list, and before it where nothing is registered. */
  function drawPlaces() {
    const { trouble, total } = pages;
    const counts = project.status.get()?.counts;
    const isEmpty = total === 0 || (total === null && trouble !== null);
    place.hidden = !isEmpty;
    table.element.hidden = isEmpty;
    if (isEmpty) fill(place, emptyPlace());
    const found = counts && counts.registered === 0 ? counts.unregistered : 0;
    begin.hidden = found === 0 || isEmpty;
    if (!begin.hidden) {
      fill(
        begin,
        notice("info", h("div", { class: "row spread wrap" }, h("span", null, `Nothing is registered yet. ${count(found, "folder")} with a manifest ${found === 1 ? "waits" : "wait"} to be.`), button(found === 1 ? "Register it" : `Register all ${found}`, { tone: "small primary", click: registerFound }))),
      );
    }
  }

  async function registerFound() {
    const { data } = await project.call("list_assets", { filter: filterOf({ ...NOTHING, shown: "unregistered" }), limit: MOST });
    await register(project, data.assets);
  }

  function emptyPlace() {
    const { trouble } = pages;
    if (trouble) {
      const again = button("Try again", { icon: "refresh", click: () => void pages.ask() });
      if (trouble instanceof Refused && trouble.blockers.length) return h("div", { class: "stack asset-refused" }, h("h2", null, "The assets cannot be listed"), blockerList(trouble.blockers), h("div", null, again));
      return empty("alert", "The assets cannot be listed", trouble instanceof Error ? trouble.message : String(trouble), again);
    }
    const { wanted } = question;
    if (wanted.shown === "quarantined" && !isNarrow({ ...wanted, shown: "all" })) return empty("archive", "Nothing is in quarantine", "Assets that are removed with their files kept whole wait here until they are restored or purged.", button("Show all assets", { click: () => noteQuestion({ wanted: NOTHING }) }));
    if (isNarrow(wanted)) return empty("search", "Nothing matches", wanted.text.trim() ? `No asset here has “${wanted.text.trim()}” in its address or folder.` : "No asset is as these filters ask for.", button("Clear the filters", { tone: "primary", click: () => noteQuestion({ wanted: NOTHING }) }));
    const command = "packwright register assets/*";
    return h(
      "div",
      { class: "empty" },
      icon("box"),
      h("h2", null, "No assets yet"),
      h("p", null, "An asset is a folder of files below the assets folder. Registering one gives it an address and a place in the pack; its files stay as they are."),
      h("div", { class: "row" }, button("Register a folder…", { icon: "plus", tone: "primary", click: () => registerDialog(project) })),
      h("p", { class: "asset-or" }, "or make every folder an asset, at the command line:"),
      h("div", { class: "asset-command" }, h("code", null, command), copyButton(command, "the command")),
    );
  }

  function labels() {
    /** @type {Set<string>} */
    const some = new Set();
    for (const [, asset] of pages.known()) for (const label of asset.labels) some.add(label);
    return [...some].sort().slice(0, 200);
  }

  async function countEverything() {
    const { wanted } = question;
    if (!isNarrow(wanted)) {
      everything = null;
      return;
    }
    const asked = question;
    const base = { ...NOTHING, shown: wanted.shown === "quarantined" ? /** @type {Shown} */ ("quarantined") : /** @type {Shown} */ ("all") };
    try {
      const answer = await fetchRows(0, 1, until, base);
      if (asked !== question) return;
      everything = answer.total;
      drawLine();
    } catch {
      // Only a number beside another: without it the line says less.
    }
  }

  /** @param {Partial<Question>} change */
  function noteQuestion(change) {
    const { wanted, order } = { ...question, ...change };
    note({
      q: wanted.text, show: wanted.shown === "all" ? null : wanted.shown, findings: wanted.problems ? "1" : null, label: wanted.label,
      importer: wanted.importer, state: wanted.state, sort: order.by === "address" ? null : order.by, down: order.descending ? "1" : null,
    });
  }

  let asked = "";
  route.watch(({ project: id, part }) => {
    if (id !== project.id || part !== "assets") return;
    const now = readQuestion();
    const text = JSON.stringify(now);
    if (text !== asked) {
      const isOther = JSON.stringify(now.wanted) !== JSON.stringify(question.wanted);
      asked = text;
      question = now;
      if (isOther) selection.clear();
      selection.anchor = null;
      table.header.order();
      filters.draw();
      pages.ask();
      countEverything();
      selected();
    }
    pane.follow();
  }, until);

  const refresh = soon(async () => {
    await Promise.all([pages.refresh(), countEverything()]);
  }, 120, until);
  project.changed.hear((subjects) => {
    if (subjects.has("assets") || subjects.has("quarantine")) refresh();
  }, until);
  project.status.watch(() => {
    if (pages.total !== null) drawPlaces();
    drawLine();
  }, until);
  until.addEventListener("abort", () => pages.end(), { once: true });
  table.draw({ isAnew: true });
}

/** @typedef {{ wanted: Wanted, order: Order }} Question */

/** @type {Wanted} */
const NOTHING = { text: "", shown: "all", problems: false, label: "", importer: "", state: "" };

/** @type {Shown[]} */
const SHOWN = ["all", "included", "excluded", "unregistered", "quarantined"];
/** @type {ListSort[]} */
const SORTS = ["address", "root", "asset_id", "bytes", "parts", "last_built", "worst"];

/** What the address bar asks for. @returns {Question} */
function readQuestion() {
  const { query } = route.get();
  const said = (/** @type {string} */ name) => query.get(name) ?? "";
  return {
    wanted: {
      text: said("q"), shown: SHOWN.find((one) => one === said("show")) ?? "all", problems: said("findings") === "1", label: said("label"),
      importer: said("importer"), state: said("state"),
    },
    order: { by: SORTS.find((one) => one === said("sort")) ?? "address", descending: said("down") === "1" },
  };
}
