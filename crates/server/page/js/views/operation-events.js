// @ts-check
// The events of one operation, in causal order, each with what it says. New ones are added below; progress changes in place.

/** @import { Operation } from "../operations.js" */
/** @import { Project } from "../project.js" */
/** @import { PackerEvent, AssetRef, Action, Reason } from "../types.js" */
/** @import { Child } from "../dom.js" */

import { fill, h } from "../dom.js";
import { count, exact, number, percent, sentence, short, words } from "../format.js";
import { icon } from "../icons.js";
import { missed } from "../operations.js";
import { link } from "../router.js";
import { naturePill, statePill } from "../ui/pills.js";
import { assetCount, eventTone, grouped, kindIcon, offset, progressWords, readBecause, share } from "./operation-words.js";

const FIRST = 6;

/**
 * @param {Project} project
 * @returns {{ element: HTMLElement, update: (operation: Operation) => void }}
 */
export function eventList(project) {
  const list = h("ol", { class: "events", "aria-label": "Events, in causal order" });
  /** @type {Map<string, { element: HTMLElement, sequence: number }>} */
  const rows = new Map();
  const cutNote = h("li", { class: "event-note", hidden: true });
  const missedNote = h("li", { class: "event-note warn", hidden: true });
  return {
    element: list,
    update(operation) {
      const wanted = new Set();
      const began = Date.parse(operation.since);
      /** @type {HTMLElement[]} */
      const order = [];
      for (const event of operation.events) {
        const key = event.progress ? `progress ${event.progress.phase}` : String(event.sequence);
        wanted.add(key);
        let row = rows.get(key);
        if (!row) rows.set(key, (row = { element: h("li", { class: "event" }), sequence: 0 }));
        if (row.sequence !== event.sequence) {
          row.sequence = event.sequence;
          drawEvent(project, row.element, event, began);
        }
        order.push(row.element);
      }
      for (const [key, { element }] of rows) {
        if (wanted.has(key)) continue;
        rows.delete(key);
        element.remove();
      }
      note(cutNote, operation.cut, (n) => `${count(n, "more event")} between these, which this page does not keep.`);
      const lost = operation.phase === "ended" ? missed(operation) : 0;
      note(missedNote, lost, (n) => `${count(n, "event")} of this operation did not come here: a gap in the stream.`);
      if (operation.cut) order.splice(Math.ceil(order.length / 2), 0, cutNote);
      if (lost) order.unshift(missedNote);
      arrange(list, order);
    },
  };
}

/**
 * Puts elements into an order and moves only those that stand elsewhere.
 *
 * @param {HTMLElement} parent
 * @param {HTMLElement[]} order
 */
export function arrange(parent, order) {
  let at = parent.firstElementChild;
  for (const element of order) {
    if (element === at) at = at.nextElementSibling;
    else parent.insertBefore(element, at);
  }
  while (at) {
    const next = at.nextElementSibling;
    at.remove();
    at = next;
  }
}

/**
 * @param {HTMLElement} element
 * @param {number} n
 * @param {(n: number) => string} text
 */
function note(element, n, text) {
  element.hidden = n === 0;
  if (n) fill(element, icon("info"), text(n));
}

/**
 * @param {Project} project
 * @param {HTMLElement} element
 * @param {PackerEvent} event
 * @param {number} began
 */
function drawEvent(project, element, event, began) {
  const { kind, summary, timestamp, sequence, payload } = event;
  element.className = `event ${eventTone(event)}`;
  fill(
    element,
    h("span", { class: "event-mark" }, icon(kindIcon(kind))),
    h(
      "div",
      { class: "event-body" },
      h(
        "div",
        { class: "event-head" },
        h("span", { class: "event-kind" }, sentence(words(kind))),
        h("span", { class: "event-summary break" }, event.progress ? progressWords(event.progress) : summary),
      ),
      details(project, event),
    ),
    h(
      "span",
      { class: "event-at number faint small", title: `${exact(timestamp)}, event ${number(sequence)}` },
      offset(Date.parse(timestamp) - began),
      payload.merged > 1 ? h("span", { class: "event-merged", title: "So many events as they were published came here as one" }, `×${number(payload.merged)}`) : null,
    ),
  );
}

/**
 * @param {Project} project
 * @param {PackerEvent} event
 * @returns {Child[]}
 */
function details(project, event) {
  const { kind, payload, progress } = event;
  /** @type {Child[]} */
  const parts = [];
  if (progress) {
    const part = share(progress);
    if (part !== null && part < 1) parts.push(h("div", { class: "bar", role: "img", "aria-label": percent(part) }, h("span", { style: { width: `${part * 100}%` } })));
    const holder = payload.waiting_for;
    if (holder) parts.push(h("div", { class: "small soft" }, `Waits for ${words(holder.service)} of process ${holder.pid} on ${holder.host}`));
  }
  if (kind === "reconcile_started") parts.push(h("div", { class: "small soft" }, `Because ${readBecause(payload.reason)}`));
  if (kind === "runtime_state_changed") parts.push(stateLine(project, payload.state, payload.reasons ?? []));
  if (kind === "cache_miss") parts.push(reasonsLine(grouped(payload.reasons ?? [])));
  if (kind === "preview_ready") parts.push(h("div", { class: "small faint" }, "plan ", h("code", null, short(payload.plan_id ?? ""))));
  if (payload.actions?.length) parts.push(actions(payload.actions, payload.actions_total ?? payload.actions.length));
  if (event.terminal && payload.diagnostics_total) parts.push(h("div", { class: "small soft" }, count(payload.diagnostics_total, "finding")));
  parts.push(assets(project, event.affected_assets, assetCount(event)));
  return parts;
}

/**
 * @param {Project} project
 * @param {import("../types.js").State} state
 * @param {Reason[]} reasons
 */
function stateLine(project, state, reasons) {
  const why = reasons.map((reason) =>
    h(
      "li",
      { class: "break" },
      sentence(reason.message),
      reason.count ? ` (${count(reason.count, "asset")})` : "",
      reason.cause ? h("a", { class: "event-because", href: link(project.id, "activity", { operation: reason.cause.operation_id }) }, "what caused it") : null,
    ),
  );
  return h("div", { class: "event-state small" }, statePill(state), why.length ? h("ul", { class: "soft" }, why) : null);
}

/** @param {[string, number][]} reasons */
function reasonsLine(reasons) {
  if (!reasons.length) return null;
  const shown = reasons.slice(0, FIRST).map(([reason, n]) => h("li", { class: "break" }, sentence(words(reason)), n > 1 ? ` ×${number(n)}` : ""));
  const more = reasons.length - shown.length;
  return h("ul", { class: "event-reasons small soft" }, shown, more > 0 ? h("li", { class: "faint" }, `and ${count(more, "more reason")}`) : null);
}

/**
 * @param {Action[]} all
 * @param {number} total
 */
function actions(all, total) {
  const items = all.map((action) =>
    h(
      "li",
      { class: "row wrap" },
      naturePill(action.nature),
      h("span", null, sentence(words(action.kind))),
      action.from ? h("code", { class: "break" }, action.from) : null,
      action.from && action.to ? icon("arrow", "to") : null,
      action.to || action.path ? h("code", { class: "break" }, action.to ?? action.path) : null,
    ),
  );
  return folded(items, total, "event-actions small", (n) => count(n, "more action"));
}

/**
 * @param {Project} project
 * @param {AssetRef[]} listed
 * @param {number} total
 */
function assets(project, listed, total) {
  const items = listed.map((asset) =>
    h("li", null, h("a", { class: "asset-chip cut", href: link(project.id, "assets", { asset: asset.root }), title: asset.root }, asset.address ?? asset.root)),
  );
  return items.length ? folded(items, total, "event-assets small", (n) => count(n, "more asset")) : null;
}

/**
 * The first of a list, and the others behind a button.
 *
 * @param {HTMLElement[]} items
 * @param {number} total
 * @param {string} names
 * @param {(n: number) => string} more
 */
export function folded(items, total, names, more) {
  const list = h("ul", { class: names }, items.slice(0, FIRST));
  const beyond = total - items.length;
  const told = () => (beyond > 0 ? h("li", { class: "faint" }, `${more(beyond)}, which this page does not keep`) : null);
  if (items.length <= FIRST) {
    const last = told();
    if (last) list.append(last);
    return list;
  }
  const unfold = h("button", { class: "button quiet small", on: { click: () => {
    const [next] = items.slice(FIRST);
    const rest = told();
    button.remove();
    list.append(...items.slice(FIRST), ...(rest ? [rest] : []));
    next?.querySelector("a")?.focus();
  } } }, more(total - FIRST));
  const button = h("li", null, unfold);
  list.append(button);
  return list;
}
