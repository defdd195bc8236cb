// @ts-check
// History: what was done, the newest first, and how to undo it.

/** @import { ViewContext } from "../main.js" */
/** @import { Project } from "../project.js" */
/** @import { AssetRef, PastOperation } from "../types.js" */
/** @import { IconName } from "../icons.js" */

import { SignedOut, Unreachable } from "../api.js";
import { fill, h } from "../dom.js";
import { clock, count, exact, number, sentence, words } from "../format.js";
import { icon } from "../icons.js";
import { link, note, route } from "../router.js";
import { signal, soon } from "../signal.js";
import { pill } from "../ui/pills.js";
import { blockerList, button, empty, notice } from "../ui/places.js";
import { keyed } from "./finding-keyed.js";
import { ticked } from "./finding-row.js";
import { actionList, operationLink, preview } from "./plan.js";

const PAGE = 50;
/** The most that the service gives in one page. */
const LARGEST = 1000;
const FEW_ASSETS = 4;

/** @typedef {{ operations: PastOperation[], next: string | null }} Pages */
/** @typedef {{ day: string, operations: PastOperation[] }} Day */

/** @type {WeakMap<Project, Pages>} */
const known = new WeakMap();

/** @param {ViewContext} context */
export function history({ project, host, until }) {
  const pages = signal(known.get(project) ?? null);
  const trouble = h("div", { class: "stack", hidden: true, role: "alert" });
  const days = h("div", { class: "past-days" });
  const around = h("div", { class: "row finding-rest" }, skeleton());
  host.append(
    h(
      "div",
      { class: "page history-page" },
      h("div", { class: "head" }, h("div", { class: "grow" }, h("h1", null, "History"), h("p", { class: "soft" }, "What was done here, the newest first. Most of it can be undone, exactly or not at all."))),
      trouble, days, around,
    ),
  );

  const showDays = keyed(days, {
    key: (/** @type {Day} */ one) => one.day,
    isSame: () => false,
    make: (one) => {
      const made = dayElement(project, one);
      byElement.set(made.element, made.show);
      return made.element;
    },
    change: (element, one) => byElement.get(element)?.(one),
  });

  let isReading = false;
  /** Reads what is shown anew, as one page. */
  const read = soon(async () => {
    const had = pages.get()?.operations.length ?? 0;
    await ask({ limit: Math.min(LARGEST, Math.max(PAGE, had)) }, (first, next) => mergedFirst(pages.get(), first, next));
  }, 40, until);
  const more = () => {
    const cursor = pages.get()?.next;
    if (cursor && !isReading) ask({ limit: PAGE, cursor }, (later, next) => mergedNext(pages.get(), later, next));
  };
  /**
   * @param {{ limit: number, cursor?: string }} request
   * @param {(operations: PastOperation[], next: string | null) => Pages} merge
   */
  const ask = async (request, merge) => {
    isReading = true;
    drawAround();
    try {
      const response = await project.call("get_history", request, until);
      const isGood = response.status === "ok";
      trouble.hidden = isGood;
      if (!isGood) fill(trouble, response.blockers.length ? blockerList(response.blockers) : notice("bad", sentence(response.summary)));
      else pages.set(merge(response.data.operations, response.data.next_cursor ?? null));
    } catch (error) {
      if (until.aborted || error instanceof SignedOut) return;
      if (!(error instanceof Unreachable)) throw error;
      trouble.hidden = Boolean(pages.get());
      fill(trouble, notice("bad", sentence(error.message)));
    } finally {
      isReading = false;
      drawAround();
      reveal();
    }
  };
  // One element throughout, so that the focus stays on it; it says that it loads, and is not disabled.
  const moreButton = button("Load more", { click: () => more() });
  const drawAround = () => {
    const now = pages.get();
    if (!now) {
      if (!trouble.hidden) fill(around);
      return;
    }
    around.className = now.operations.length ? "row finding-rest" : "";
    moreButton.textContent = isReading ? "Loading…" : "Load more";
    if (now.next && moreButton.isConnected) return;
    fill(
      around,
      now.operations.length ? null : empty("history", "Nothing was done yet", "Every change that is made here or at the command line is recorded: what it did, when, and how it is undone."),
      now.next ? moreButton : null,
    );
  };
  let revealed = "";
  /** Shows the operation that the address names, once. */
  const reveal = () => {
    const id = route.get().part === "history" ? (route.get().query.get("operation") ?? "") : "";
    if (!id || id === revealed) return;
    const element = document.getElementById(`past-${id}`);
    if (!element || !host.contains(element)) {
      if (pages.get()?.next && !isReading) more();
      return;
    }
    revealed = id;
    for (const one of days.querySelectorAll(".past.named")) one.classList.remove("named");
    element.classList.add("named");
    element.scrollIntoView({ block: "center" });
    element.focus({ preventScroll: true });
    // Named once: the same link works again.
    note({ operation: null });
    revealed = "";
  };
  pages.watch((now) => {
    if (!now) return;
    known.set(project, now);
    showDays(byDay(now.operations));
    drawAround();
    reveal();
  }, until);
  route.watch(reveal, until);

  // What another process did is told by a reconcile alone, which says nothing of the history.
  project.changed.hear((subjects) => (subjects.has("history") || subjects.has("quarantine")) && read(), until);
  read();
}

/** @type {WeakMap<HTMLElement, (day: Day) => void>} */
const byElement = new WeakMap();

/**
 * What is known, with its beginning read anew.
 *
 * @param {Pages | null} known
 * @param {PastOperation[]} first
 * @param {string | null} next
 * @returns {Pages}
 */
export function mergedFirst(known, first, next) {
  const last = first.at(-1);
  const at = known && last ? known.operations.findIndex((one) => one.operation_id === last.operation_id) : -1;
  // What was loaded further down stays, where it goes on without a gap.
  if (!known || at < 0 || at === known.operations.length - 1) return { operations: first, next };
  return { operations: [...first, ...known.operations.slice(at + 1)], next: known.next };
}

/**
 * @param {Pages | null} known
 * @param {PastOperation[]} later
 * @param {string | null} next
 * @returns {Pages}
 */
export function mergedNext(known, later, next) {
  const has = new Set(known?.operations.map((one) => one.operation_id));
  return { operations: [...(known?.operations ?? []), ...later.filter((one) => !has.has(one.operation_id))], next };
}

/**
 * The operations by the day that they were done on, here.
 *
 * @param {PastOperation[]} operations The newest first.
 * @returns {Day[]}
 */
export function byDay(operations) {
  /** @type {Day[]} */
  const days = [];
  for (const operation of operations) {
    const at = new Date(operation.at);
    const day = `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;
    const last = days.at(-1);
    if (last?.day === day) last.operations.push(operation);
    else days.push({ day, operations: [operation] });
  }
  return days;
}

const dayName = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/**
 * @param {string} day
 * @param {Date} now
 */
export function dayTitle(day, now) {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const at = new Date(year, month - 1, date);
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const ago = Math.round((today.getTime() - at.getTime()) / 86_400_000);
  return ago === 0 ? "Today" : ago === 1 ? "Yesterday" : dayName.format(at);
}

/**
 * @param {Project} project
 * @param {Day} day
 */
function dayElement(project, day) {
  const id = `day-${day.day}`;
  const title = h("h2", { id });
  const list = h("ol", { class: "past-list" });
  const showAll = keyed(list, { key: (/** @type {PastOperation} */ one) => one.operation_id, isSame: (a, b) => a.reverted_by === b.reverted_by, make: (one) => pastElement(project, one) });
  const show = (/** @type {Day} */ now) => {
    fill(title, dayTitle(now.day, new Date()), " ", h("span", { class: "count" }, number(now.operations.length)));
    showAll(now.operations);
  };
  show(day);
  return { element: h("section", { class: "past-day", "aria-labelledby": id }, title, list), show };
}

/** @type {Record<string, IconName>} */
const MARKS = {
  register_asset: "plus", include_asset_in_build: "check", exclude_asset_from_build: "minus", remove_asset: "archive", edit_asset: "edit",
  relocate_asset: "move", restore_quarantined: "restore", purge_quarantined: "trash", apply_fixes: "wrench", allow_findings: "shield",
  revert: "restore", recover: "refresh", init_workspace: "folder", build: "build",
};

/**
 * @param {Project} project
 * @param {PastOperation} past
 */
function pastElement(project, past) {
  const { operation_id: id, service, at, summary, affected_assets: assets, applied_actions: actions, irreversible, reverts, reverted_by: revertedBy } = past;
  const label = sentence(words(service));
  const done = h("div", { class: "past-actions", hidden: true });
  const turn = h("button", { class: "finding-more", "aria-expanded": "false", on: { click: () => {
    done.hidden = !done.hidden;
    turn.setAttribute("aria-expanded", String(!done.hidden));
    if (!done.childNodes.length) done.append(actionList(actions));
  } } }, count(actions.length, "action"));
  const title = `Undo: ${summary}`;
  const revert = irreversible || revertedBy ? null : button("Revert…", { icon: "restore", tone: "small", title: "Undo it; the plan is shown first", click: () => preview(project, "revert", { operation_id: id }, title) });
  revert?.setAttribute("aria-label", `Revert ${label}: ${summary}…`);
  return h(
    "li",
    { class: `past ${revertedBy ? "is-reverted" : ""}`, id: `past-${id}`, tabindex: "-1" },
    h("time", { class: "past-time faint", datetime: at, title: exact(at) }, clock(at)),
    h("span", { class: "past-mark" }, icon(MARKS[service] ?? "edit")),
    h(
      "div",
      { class: "past-body" },
      h("div", { class: "past-line" }, h("h3", null, label), irreversible ? pill("irreversible", "bad", "alert") : null, revertedBy ? pill("reverted", "", "restore") : null, h("p", { class: "break" }, ticked(sentence(summary)))),
      irreversible ? h("p", { class: "finding-advice soft" }, icon("alert"), h("span", null, "It deleted bytes for good: nothing brings them back.")) : null,
      h(
        "div",
        { class: "finding-where small" },
        assets.length ? assetLine(project, assets) : null,
        actions.length ? turn : null,
        operationLink(project, id, "Its events"),
        reverts ? h("a", { href: link(project.id, "history", { operation: reverts }) }, "What it undid") : null,
        revertedBy ? h("a", { href: link(project.id, "history", { operation: revertedBy }) }, "What undid it") : null,
      ),
      done,
    ),
    revert ?? h("span", null),
  );
}

/**
 * The first few assets, and the others where they are asked for.
 *
 * @param {Project} project
 * @param {AssetRef[]} assets
 */
function assetLine(project, assets) {
  const one = (/** @type {AssetRef} */ asset) => h("li", null, h("a", { class: "finding-chip past-asset", href: link(project.id, "assets", { asset: asset.root }), title: `Show the asset ${asset.root}` }, asset.address ?? asset.root));
  const list = h("ul", { class: "finding-chips", "aria-label": "Assets" }, assets.slice(0, FEW_ASSETS).map(one));
  const left = assets.length - FEW_ASSETS;
  if (left > 0) {
    const show = h("button", { class: "finding-more small", on: { click: () => {
      const others = assets.slice(FEW_ASSETS).map(one);
      show.parentElement?.replaceWith(...others);
      others[0]?.querySelector("a")?.focus();
    } } }, `${number(left)} more`);
    list.append(h("li", null, show));
  }
  return list;
}

const skeleton = () => h("div", { class: "card stack finding-bones grow", "aria-hidden": "true" }, Array.from({ length: 5 }, () => h("div", { class: "finding-bone wide" })));
