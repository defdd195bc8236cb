// @ts-check
// Quarantine: what was removed and waits, whole, until it is restored or purged.

/** @import { ViewContext } from "../main.js" */
/** @import { Project } from "../project.js" */
/** @import { QuarantineEntry } from "../types.js" */
/** @import { Signal } from "../signal.js" */

import { SignedOut, Unreachable } from "../api.js";
import { fill, h } from "../dom.js";
import { ago, bytes, count, exact, number, sentence } from "../format.js";
import { icon } from "../icons.js";
import { link, go } from "../router.js";
import { signal, soon } from "../signal.js";
import { blockerList, button, empty, notice } from "../ui/places.js";
import { keyed } from "./finding-keyed.js";
import { preview } from "./plan.js";

const FIRST = 200;

/** @typedef {"asset" | "origin" | "since" | "files" | "bytes"} Column */
/** @typedef {{ column: Column, isDescending: boolean }} Order */

/** @type {[Column, string, boolean][]} */
const COLUMNS = [["asset", "Asset", false], ["origin", "From", false], ["since", "In quarantine since", false], ["files", "Files", true], ["bytes", "Size", true]];

/**
 * What is known of it, the last answer of each project, so that coming back shows it at once.
 *
 * @type {WeakMap<Project, QuarantineEntry[]>}
 */
const known = new WeakMap();

/** @param {ViewContext} context */
export function quarantine({ project, host, until }) {
  const entries = signal(known.get(project) ?? null);
  const chosen = signal(/** @type {ReadonlySet<string>} */ (new Set()));
  const order = signal(/** @type {Order} */ ({ column: "since", isDescending: false }));
  let upTo = FIRST;

  const says = h("p", { class: "soft" }, " ");
  const trouble = h("div", { class: "stack", hidden: true, role: "alert" });
  const bar = selectionBar(project, entries, chosen, until);
  const table = entryTable(project, entries, chosen, order, until);
  const around = h("div", null, skeleton());
  host.append(
    h(
      "div",
      { class: "page kept-page" },
      h("div", { class: "head" }, h("div", { class: "grow" }, h("h1", null, "Quarantine"), says)),
      trouble, bar.element, table.element, around,
    ),
  );

  const draw = () => {
    const all = entries.get();
    bar.element.hidden = table.element.hidden = !all?.length;
    if (!all) return;
    if (!all.length) {
      fill(around, empty("archive", "Nothing is in quarantine", "An asset that you remove to quarantine leaves the registry and the build, and its folder waits here, whole. Until it is purged it can be put back where it was, with its id and its address.", button("Go to the assets", { icon: "list", click: () => go(link(project.id, "assets")) })));
      return;
    }
    const sorted = sortedBy(all, order.get());
    table.show(sorted.slice(0, upTo));
    const left = sorted.length - upTo;
    fill(around, left > 0 ? button(`Show ${number(Math.min(left, 1000))} more of ${number(sorted.length)}`, { click: () => {
      upTo += 1000;
      draw();
    } }) : null);
  };

  const read = soon(async () => {
    try {
      const response = await project.call("list_quarantine", {}, until);
      const isGood = response.status === "ok";
      trouble.hidden = isGood;
      if (!isGood) {
        fill(trouble, response.blockers.length ? blockerList(response.blockers) : notice("bad", sentence(response.summary)));
        if (!entries.get()) fill(around);
        return;
      }
      known.set(project, response.data.entries);
      const all = response.data.entries;
      const [first = "", ...faults] = response.summary.split("; ");
      fill(says, all.length ? `${sentence(first)}: ${count(all.reduce((sum, one) => sum + one.files, 0), "file")}, ${bytes(all.reduce((sum, one) => sum + one.bytes, 0))}. Each can be put back where it was.` : sentence(first));
      trouble.hidden = faults.length === 0;
      fill(trouble, faults.map((fault) => notice("warn", h("div", { class: "break" }, sentence(fault)))));
      const there = new Set(all.map((one) => one.entry_id));
      if ([...chosen.get()].some((id) => !there.has(id))) chosen.set(new Set([...chosen.get()].filter((id) => there.has(id))));
      entries.set(all);
    } catch (error) {
      if (until.aborted || error instanceof SignedOut) return;
      if (!(error instanceof Unreachable)) throw error;
      if (entries.get()) return;
      trouble.hidden = false;
      fill(trouble, notice("bad", sentence(error.message)));
      fill(around);
    }
  }, 40, until);

  entries.watch(draw, until);
  order.watch(draw, until);
  project.changed.hear((subjects) => subjects.has("quarantine") && read(), until);
  read();
}

/**
 * @param {QuarantineEntry[]} entries
 * @param {Order} order
 */
export function sortedBy(entries, { column, isDescending }) {
  /** @param {QuarantineEntry} one */
  const value = (one) => (column === "asset" ? (one.asset.address ?? one.asset.root) : one[column]);
  const sign = isDescending ? -1 : 1;
  return [...entries].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    const by = x < y ? -1 : x > y ? 1 : a.entry_id < b.entry_id ? -1 : 1;
    return sign * by;
  });
}

/**
 * What is done with several at once.
 *
 * @param {Project} project
 * @param {Signal<QuarantineEntry[] | null>} entries
 * @param {Signal<ReadonlySet<string>>} chosen
 * @param {AbortSignal} until
 */
function selectionBar(project, entries, chosen, until) {
  const text = h("span", { class: "soft", role: "status" });
  const purge = button("Purge…", { icon: "trash", title: "Delete for good; the plan is shown first", click: () => {
    const ids = [...chosen.get()];
    preview(project, "purge_quarantined", { entry_ids: ids }, ids.length === 1 ? "Purge from quarantine" : `Purge ${count(ids.length, "asset")} from quarantine`);
  } });
  const none = button("Clear the selection", { tone: "quiet", click: () => chosen.set(new Set()) });
  const draw = () => {
    const all = entries.get() ?? [];
    const some = all.filter((one) => chosen.get().has(one.entry_id));
    purge.disabled = none.disabled = some.length === 0;
    fill(text, some.length ? `${number(some.length)} of ${number(all.length)} selected, ${bytes(some.reduce((sum, one) => sum + one.bytes, 0))}` : "Select to purge; restore one by one");
  };
  chosen.watch(draw, until);
  entries.watch(draw, until);
  return { element: h("div", { class: "finding-tools", role: "toolbar", "aria-label": "With what is selected" }, text, h("div", { class: "grow" }), none, purge) };
}

/**
 * @param {Project} project
 * @param {Signal<QuarantineEntry[] | null>} entries
 * @param {Signal<ReadonlySet<string>>} chosen
 * @param {Signal<Order>} order
 * @param {AbortSignal} until
 */
function entryTable(project, entries, chosen, order, until) {
  const all = h("input", { type: "checkbox", "aria-label": "Select all", on: { change: () => chosen.set(all.checked ? new Set((entries.get() ?? []).map((one) => one.entry_id)) : new Set()) } });
  const heads = COLUMNS.map(([column, label, isNumber]) => {
    const sort = h("button", { class: "kept-sort", on: { click: () => {
      const now = order.get();
      order.set({ column, isDescending: now.column === column ? !now.isDescending : isNumber });
    } } }, label, icon("down"));
    return h("th", { scope: "col", class: `${isNumber ? "number" : ""}`, data: { column } }, sort);
  });
  order.watch((now) => {
    for (const head of heads) {
      if (head.dataset.column === now.column) head.setAttribute("aria-sort", now.isDescending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }, until);
  const rows = h("tbody", null);
  /** @type {string | null} */
  let last = null;
  /** @type {string[]} */
  let shown = [];

  /** @param {QuarantineEntry} entry */
  const row = (entry) => {
    const { entry_id: id, asset, origin, since } = entry;
    const name = asset.address ?? asset.root;
    const pick = h("input", { type: "checkbox", "aria-label": `Select ${name}`, on: { click: (/** @type {MouseEvent} */ event) => {
      const now = new Set(chosen.get());
      // With Shift all between this one and the last.
      const [from, to] = [shown.indexOf(last ?? id), shown.indexOf(id)].sort((a, b) => a - b);
      const range = event.shiftKey && from !== undefined && from >= 0 ? shown.slice(from, (to ?? 0) + 1) : [id];
      for (const one of range) pick.checked ? now.add(one) : now.delete(one);
      last = id;
      chosen.set(now);
    } } });
    pick.checked = chosen.get().has(id);
    const restore = button("Restore…", { icon: "restore", tone: "small", title: `Put ${name} back where it was; the plan is shown first`, click: () => preview(project, "restore_quarantined", { entry_id: id }, `Restore ${name}`) });
    restore.setAttribute("aria-label", `Restore ${name}…`);
    return h(
      "tr",
      { data: { entry: id } },
      h("td", { class: "kept-pick" }, pick),
      h("th", { scope: "row" }, h("div", { class: "break" }, name), h("div", { class: "faint small mono break" }, id)),
      h("td", { class: "break" }, h("code", null, origin)),
      h("td", { class: "kept-nowrap" }, h("time", { datetime: since, title: exact(since) }, ago(since)), h("div", { class: "faint small" }, exact(since))),
      h("td", { class: "number" }, number(entry.files)),
      h("td", { class: "number kept-nowrap" }, bytes(entry.bytes)),
      h("td", { class: "finding-does" }, restore),
    );
  };
  const show = keyed(rows, { key: (/** @type {QuarantineEntry} */ one) => one.entry_id, isSame: (a, b) => JSON.stringify(a) === JSON.stringify(b), make: row });
  const drawChosen = () => {
    const now = chosen.get();
    for (const element of rows.rows) {
      const isChosen = now.has(element.dataset.entry ?? "");
      element.classList.toggle("kept-chosen", isChosen);
      const pick = element.querySelector("input");
      if (pick) pick.checked = isChosen;
    }
    const n = entries.get()?.length ?? 0;
    all.checked = n > 0 && now.size === n;
    all.indeterminate = now.size > 0 && now.size < n;
  };
  chosen.watch(drawChosen, until);
  const clock = setInterval(() => {
    for (const time of rows.querySelectorAll("time")) fill(time, ago(time.dateTime));
  }, 30_000);
  until.addEventListener("abort", () => clearInterval(clock), { once: true });
  return {
    element: h("div", { class: "card kept-card", hidden: true }, h("table", { class: "plain kept-table", "aria-label": "Assets in quarantine" }, h("thead", null, h("tr", null, h("td", { class: "kept-pick" }, all), heads, h("td", { class: "finding-does" }, h("span", { class: "visually-hidden" }, "What can be done")))), rows)),
    /** @param {QuarantineEntry[]} some */
    show(some) {
      shown = some.map((one) => one.entry_id);
      show(some);
      drawChosen();
    },
  };
}

const skeleton = () => h("div", { class: "card stack finding-bones", "aria-hidden": "true" }, Array.from({ length: 4 }, () => h("div", { class: "finding-bone wide" })));
