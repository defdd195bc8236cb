// @ts-check
// Activity: the operations of this run of the service, as they run, and each one's events.
//
// The list is kept, not made anew: a row stays the same element for the whole life of its operation, so that nothing
// flickers and the focus stays where it is, however often progress comes.

/** @import { ViewContext } from "../main.js" */
/** @import { Operation } from "../operations.js" */
/** @import { Gap } from "../project.js" */
/** @import { Show } from "./operation-words.js" */
/** @import { Row } from "./operation-row.js" */
/** @import { Detail } from "./operation-detail.js" */

import { fill, h } from "../dom.js";
import { clock, count, exact, number } from "../format.js";
import { icon } from "../icons.js";
import { isFailure } from "../operations.js";
import { go, link, note, route } from "../router.js";
import { empty } from "../ui/places.js";
import { operationDetail } from "./operation-detail.js";
import { arrange } from "./operation-events.js";
import { operationRow, setText } from "./operation-row.js";
import { SHOWS, isShown } from "./operation-words.js";

/** @param {ViewContext} context */
export function activity({ project, host, until }) {
  host.classList.add("fixed");
  /** @type {Map<string, Row>} */
  const rows = new Map();
  /** @type {{ id: string, view: Detail } | null} */
  let open = null;
  let frame = 0;

  const list = h("ol", { class: "ops", "aria-label": "Operations, the newest first", on: { keydown: (/** @type {KeyboardEvent} */ event) => walk(list, event) } });
  const nothing = h("div", { hidden: true });
  const filters = showButtons();
  const said = h("p", { class: "soft small" });
  const scroll = h("div", { class: "ops-scroll", tabindex: "-1" }, list, nothing);
  const listPane = h(
    "section",
    { class: "activity-list", "aria-labelledby": "activity-title" },
    h("header", { class: "activity-head" }, h("div", { class: "activity-title" }, h("h1", { id: "activity-title" }, "Activity"), said), filters.element),
    scroll,
  );
  const detailPane = h("div", { class: "activity-detail", hidden: true });
  const place = h("div", { class: "activity" }, listPane, detailPane);
  fill(host, place);

  const show = () => /** @type {Show} */ (SHOWS.find(([name]) => name === route.get().query.get("show"))?.[0] ?? "all");
  const wanted = () => route.get().query.get("operation");

  const close = () => {
    const row = open ? rows.get(open.id) : null;
    go(link(project.id, "activity", { show: show() === "all" ? null : show() }));
    (row?.opener ?? scroll).focus();
  };

  const draw = () => {
    frame = 0;
    if (until.aborted) return;
    const all = project.operations.get();
    drawList(all);
    drawDetail(all);
  };

  /** @param {Operation[]} all */
  const drawList = (all) => {
    const now = show();
    const byId = new Map(all.map((one) => [one.id, one]));
    const gaps = new Map(now === "all" ? project.gaps.get().map((gap) => [gap.after ?? "", gap]) : []);
    const shown = all.filter((one) => isShown(one, now));
    /** @type {HTMLElement[]} */
    const order = [];
    for (const operation of shown) {
      const gap = gaps.get(operation.id);
      if (gap) order.push(gapRow(gap));
      let row = rows.get(operation.id);
      if (!row) rows.set(operation.id, (row = operationRow(project, operation)));
      row.update(operation, operation.cause ? (byId.get(operation.cause.operation_id) ?? null) : null);
      row.point({ operation: operation.id, show: now === "all" ? null : now }, operation.id === wanted());
      order.push(row.element);
    }
    const oldest = gaps.get("");
    if (oldest) order.push(gapRow(oldest));
    for (const id of rows.keys()) if (!byId.has(id)) rows.delete(id);
    arrange(list, order);
    list.hidden = order.length === 0;
    nothing.hidden = order.length > 0;
    if (!order.length) drawNothing(nothing, now);
    filters.update(all, now);
    const running = all.filter((one) => one.phase !== "ended").length;
    setText(said, `${count(all.length, "operation")}, the newest first${running ? `; ${number(running)} not ended` : ""}`);
  };

  /** @param {Operation[]} all */
  const drawDetail = (all) => {
    const id = wanted();
    place.classList.toggle("has-detail", Boolean(id));
    detailPane.hidden = !id;
    if (!id) {
      open = null;
      fill(detailPane);
      return;
    }
    const isNew = open?.id !== id;
    if (isNew || !open) {
      const hadFocus = open?.view.element.contains(document.activeElement);
      open = { id, view: operationDetail(project, id, close) };
      fill(detailPane, open.view.element);
      if (hadFocus) open.view.heading.focus({ preventScroll: true });
    }
    open.view.update(all.find((one) => one.id === id) ?? null, all);
    if (isNew) rows.get(id)?.element.scrollIntoView({ block: "nearest" });
  };

  /** At most once a frame, whatever comes; without frames, in a page that is not seen, when it is seen again. */
  const later = () => (frame ||= requestAnimationFrame(draw));
  project.operations.watch(later, until);
  project.gaps.watch(later, until);
  route.watch(later, until);
  draw();
  const timer = setInterval(() => {
    for (const one of project.operations.get()) if (one.phase !== "ended") rows.get(one.id)?.tick();
    open?.view.tick();
  }, 500);
  until.addEventListener("abort", () => (clearInterval(timer), cancelAnimationFrame(frame)), { once: true });
  place.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && open) close();
  });
}

/** Which operations are listed. */
function showButtons() {
  const all = SHOWS.map(([name, label]) => {
    const n = h("span", { class: "count" });
    const element = h("button", { class: "button small", on: { click: () => note({ show: name === "all" ? null : name }) } }, label, n);
    return { name, element, n };
  });
  return {
    element: h("div", { class: "segments", role: "group", "aria-label": "Which operations" }, all.map((one) => one.element)),
    /**
     * @param {Operation[]} operations
     * @param {Show} now
     */
    update(operations, now) {
      for (const { name, element, n } of all) {
        const found = operations.filter((one) => isShown(one, name)).length;
        element.setAttribute("aria-pressed", String(name === now));
        setText(n, number(found));
        n.className = `count ${name === "failures" && operations.some(isFailure) ? "bad" : ""}`;
      }
    },
  };
}

/** @type {WeakMap<Gap, HTMLElement>} */
const gapRows = new WeakMap();

/** @param {Gap} gap */
function gapRow(gap) {
  const known = gapRows.get(gap);
  if (known) return known;
  const text = gap.isOtherRun
    ? "The service was started anew here. What it did before is in the history."
    : `Events before this are no longer kept${gap.lifecycle ? `, ${number(gap.lifecycle)} of them about how operations went` : ""}. The history has what was done.`;
  const made = h("li", { class: "op-gap small" }, icon("alert"), h("span", { class: "grow" }, text), h("time", { class: "faint number", datetime: gap.at, title: exact(gap.at) }, clock(gap.at)));
  gapRows.set(gap, made);
  return made;
}

/**
 * @param {HTMLElement} place
 * @param {Show} show
 */
function drawNothing(place, show) {
  const [title, text] = {
    all: ["Nothing has happened yet", "What the service does for this project turns up here while it does it: builds, changes, and what it observes on disk."],
    operations: ["No operation yet", "Builds, doctors, previews and changes turn up here, from this page, the command line of this service, or another program."],
    observed: ["No change was observed", "When files change on disk, the service reads them again and says so here."],
    failures: ["Nothing failed", "Operations that were blocked or broke turn up here, with what stood in the way."],
  }[show];
  if (place.dataset.show === show) return;
  place.dataset.show = show;
  fill(place, empty(show === "failures" ? "check" : "pulse", title ?? "", text ?? ""));
}

/**
 * The arrow keys go from row to row.
 *
 * @param {HTMLElement} list
 * @param {KeyboardEvent} event
 */
function walk(list, event) {
  if (!(event.target instanceof HTMLElement) || !event.target.matches(".op-open")) return;
  const all = /** @type {HTMLElement[]} */ ([...list.querySelectorAll(".op-open")]);
  const at = all.indexOf(event.target);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  all[Math.max(0, Math.min(all.length - 1, to))]?.focus();
}
