// @ts-check
// One operation in the list: made once, and then changed in place as its events come.

/** @import { Operation } from "../operations.js" */
/** @import { Project } from "../project.js" */

import { fill, h } from "../dom.js";
import { clock, duration, exact, number, sentence, words } from "../format.js";
import { icon } from "../icons.js";
import { link } from "../router.js";
import { toast } from "../ui/overlay.js";
import { pill, statusPill } from "../ui/pills.js";
import { assetCount, cacheWords, loudness, paceWords, progressWords, serviceIcon, serviceName, share, times } from "./operation-words.js";

/**
 * @typedef {object} Row
 * @property {HTMLElement} element
 * @property {HTMLAnchorElement} opener
 * @property {(operation: Operation, causedBy: Operation | null) => void} update
 * @property {() => void} tick Time went on.
 * @property {(query: Record<string, string | null>, isOpen: boolean) => void} point Where it leads.
 */

/**
 * @param {Project} project
 * @param {Operation} first
 * @returns {Row}
 */
export function operationRow(project, first) {
  let now = first;
  let drawn = "";
  let pointed = "";
  const opener = h("a", { class: "op-open" }, serviceName(first.service));
  const mark = h("span", { class: "op-mark" }, icon(serviceIcon(first.service)));
  const summary = h("span", { class: "op-summary cut" });
  const under = h("span", { class: "op-under" });
  const cause = h("a", { class: "op-cause", hidden: true });
  const more = h("span", { class: "op-more small" }, under, cause);
  const fillBar = h("span", null);
  const bar = h("div", { class: "bar op-bar", "aria-hidden": "true" }, fillBar);
  const figures = h("div", { class: "op-figures cut" });
  const time = h("span", { class: "op-time number" });
  const when = h("time", { class: "op-when number faint", datetime: first.since, title: exact(first.since) }, clock(first.since));
  const outcome = h("span", { class: "op-outcome" });
  const cancel = cancelButton(project, first.id, () => serviceName(now.service));
  const element = h(
    "li",
    { class: "op" },
    mark,
    h("div", { class: "op-what" }, h("div", { class: "op-title" }, opener, more), summary),
    h("div", { class: "op-progress small" }, figures, bar),
    time, when, outcome, h("span", { class: "op-action" }, cancel.element),
  );

  const tick = () => {
    const { ran, waited } = times(now, Date.now());
    setText(time, ran === null ? (now.phase === "queued" ? duration(Math.max(0, waited)) : "") : duration(ran));
  };

  return {
    element,
    opener,
    tick,
    point(query, isOpen) {
      const to = link(project.id, "activity", query);
      if (pointed === `${to} ${isOpen}`) return;
      pointed = `${to} ${isOpen}`;
      opener.href = to;
      if (isOpen) opener.setAttribute("aria-current", "true");
      else opener.removeAttribute("aria-current");
      element.classList.toggle("is-open", isOpen);
    },
    update(operation, causedBy) {
      now = operation;
      const key = [operation.sequence, operation.phase, operation.status, operation.isLost, causedBy?.service].join("|");
      if (key === drawn) return;
      drawn = key;
      element.className = `op ${loudness(operation)}${element.classList.contains("is-open") ? " is-open" : ""}`;
      if (opener.textContent !== serviceName(operation.service)) {
        setText(opener, serviceName(operation.service));
        fill(mark, icon(serviceIcon(operation.service)));
      }
      const isActive = operation.phase !== "ended";
      setText(summary, isActive ? stage(operation) : sentence(operation.summary));
      summary.title = summary.textContent ?? "";
      setText(under, underWords(operation));
      cause.hidden = !operation.cause;
      more.hidden = cause.hidden && !under.textContent;
      if (operation.cause) {
        cause.href = link(project.id, "activity", { operation: operation.cause.operation_id });
        setText(cause, causedBy ? `caused by ${serviceName(causedBy.service).toLowerCase()}` : "caused by another operation");
      }
      setText(figures, isActive ? paceWords(operation) : cacheWords(operation));
      figures.title = figures.textContent ?? "";
      drawBar(operation, bar, fillBar);
      fill(outcome, outcomePill(operation));
      cancel.update(operation);
      tick();
    },
  };
}

/** @param {Operation} operation */
export function outcomePill({ phase, status, isLost }) {
  if (phase === "queued") return pill("queued", "", "clock");
  if (phase === "running") return statusPill("running");
  if (status && !isLost) return statusPill(status);
  return pill("end not known", "warn", "help");
}

/** What it may change; of what was only observed, which assets it is about. @param {Operation} operation */
function underWords({ service, operationClass, events }) {
  if (service !== "reconcile") return operationClass ? words(operationClass) : "";
  const seen = events.filter((one) => one.kind.startsWith("asset_"));
  const names = seen.flatMap((one) => one.affected_assets.map((asset) => asset.address ?? asset.root));
  const total = seen.reduce((n, one) => n + assetCount(one), 0);
  return [...names.slice(0, 2), total > 2 ? `${number(total - 2)} more` : ""].filter(Boolean).join(", ");
}

/** What it is about now. @param {Operation} operation */
function stage({ phase, progress, events, summary }) {
  if (phase === "queued") return "Waits for its turn";
  const holder = events.at(-1)?.payload.waiting_for;
  if (holder) return `Waits for ${words(holder.service)} of process ${holder.pid} on ${holder.host}`;
  return sentence(progress ? progressWords(progress) : summary);
}

/**
 * While it runs, how far it is; afterwards, how much of it the cache had.
 *
 * @param {Operation} operation
 * @param {HTMLElement} bar
 * @param {HTMLElement} filled
 */
function drawBar(operation, bar, filled) {
  const { phase, hits, misses, service } = operation;
  const all = hits + misses;
  const isRunning = phase === "running" && service !== "reconcile";
  const part = isRunning ? share(operation.progress) : phase === "ended" && all ? hits / all : null;
  bar.classList.toggle("off", !isRunning && part === null);
  bar.classList.toggle("unknown", isRunning && part === null);
  bar.classList.toggle("of-cache", !isRunning);
  if (part === null) filled.style.removeProperty("width");
  else filled.style.setProperty("width", `${part * 100}%`);
}

/**
 * @param {Project} project
 * @param {string} id
 * @param {() => string} name
 */
export function cancelButton(project, id, name) {
  let isAsked = false;
  const click = async () => {
    if (isAsked) return;
    isAsked = true;
    // Not disabled, which would take the focus away.
    element.setAttribute("aria-disabled", "true");
    setText(element, "Stopping…");
    try {
      const response = await project.cancel(id);
      if (response.status === "blocked" || response.status === "failed") throw new Error(response.summary);
    } catch (error) {
      isAsked = false;
      element.removeAttribute("aria-disabled");
      setText(element, "Cancel");
      toast("bad", `${name()} could not be cancelled`, { detail: error instanceof Error ? error.message : String(error) });
    }
  };
  const element = h("button", { class: "button small", on: { click } }, "Cancel");
  return {
    element,
    /** @param {Operation} operation */
    update({ phase, service }) {
      element.setAttribute("aria-label", `Cancel ${name().toLowerCase()}`);
      // What the service reads by itself is nobody's to cancel.
      element.hidden = phase === "ended" || service === "reconcile";
    },
  };
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
