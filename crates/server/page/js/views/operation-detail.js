// @ts-check
// One operation, opened: how it ended and why, what caused it and what it caused, and its events.

/** @import { Operation } from "../operations.js" */
/** @import { Project } from "../project.js" */
/** @import { Diagnostic } from "../types.js" */

import { fill, h } from "../dom.js";
import { count, duration, exact, number, percent, sentence } from "../format.js";
import { icon } from "../icons.js";
import { link } from "../router.js";
import { toast } from "../ui/overlay.js";
import { classPill, severityMark } from "../ui/pills.js";
import { blockerList, button, empty, notice } from "../ui/places.js";
import { arrange, eventList, folded } from "./operation-events.js";
import { cancelButton, outcomePill, setText } from "./operation-row.js";
import { paceWords, progressWords, serviceIcon, serviceName, share, times } from "./operation-words.js";

/**
 * @typedef {object} Detail
 * @property {HTMLElement} element
 * @property {HTMLElement} heading
 * @property {(operation: Operation | null, all: Operation[]) => void} update
 * @property {() => void} tick
 */

/**
 * @param {Project} project
 * @param {string} id
 * @param {() => void} close
 * @returns {Detail}
 */
export function operationDetail(project, id, close) {
  const heading = h("h2", { id: "operation-title", tabindex: "-1", class: "cut grow" });
  const pills = h("div", { class: "row" });
  const head = h(
    "header",
    { class: "detail-head" },
    heading,
    h("button", { class: "button quiet small square", "aria-label": "Close this operation", title: "Close (Escape)", on: { click: close } }, icon("close")),
  );
  const body = h("div", { class: "detail-body", tabindex: "0", role: "group", "aria-label": "What happened" });
  const element = h("section", { class: "operation", "aria-labelledby": "operation-title" }, head, body);
  /** @type {ReturnType<typeof known> | null} */
  let shown = null;
  return {
    element,
    heading,
    tick: () => shown?.tick(),
    update(operation, all) {
      if (!operation) {
        shown = null;
        fill(heading, "Operation");
        fill(body, unknown(project, id));
        return;
      }
      if (!shown) {
        shown = known(project, id, heading, pills);
        fill(body, shown.element);
      }
      shown.update(operation, all);
    },
  };
}

/**
 * @param {Project} project
 * @param {string} id
 */
function unknown(project, id) {
  return empty(
    "clock",
    "This operation is not among those that the page knows",
    "The page keeps the newest operations of this run of the service. What was done to the workspace stands in the history, whenever that was.",
    h("a", { class: "button", href: link(project.id, "history", { operation: id }) }, icon("history"), "Look in the history"),
  );
}

/**
 * @param {Project} project
 * @param {string} id
 * @param {HTMLElement} heading
 * @param {HTMLElement} pills
 */
function known(project, id, heading, pills) {
  let drawn = "";
  /** @type {Operation | null} */
  let now = null;
  const summary = h("p", { class: "detail-summary break" });
  const figures = h("div", { class: "small soft row spread" });
  const filled = h("span", null);
  const progress = h("div", { class: "stack detail-progress", hidden: true }, figures, h("div", { class: "bar" }, filled));
  const took = h("dd", null);
  const facts = h("dl", { class: "pairs" });
  const why = h("div", { class: "stack", hidden: true });
  const events = eventList(project);
  const eventCount = h("span", { class: "faint small" });
  const cancel = cancelButton(project, id, () => serviceName(now?.service ?? null));
  const element = h(
    "div",
    { class: "detail-parts" },
    h("div", { class: "row spread" }, pills, cancel.element),
    summary, progress, why, facts,
    h("section", { class: "stack", "aria-labelledby": "events-title" }, h("div", { class: "row spread events-head" }, h("h3", { id: "events-title" }, "Events"), eventCount), events.element),
  );
  const tick = () => {
    if (!now) return;
    const { ran, waited } = times(now, Date.now());
    setText(took, [ran === null ? "not begun" : duration(ran), waited >= 1 ? `after ${duration(waited)} of waiting` : ""].filter(Boolean).join(", "));
  };
  return {
    element,
    tick,
    /**
     * @param {Operation} operation
     * @param {Operation[]} all
     */
    update(operation, all) {
      now = operation;
      const caused = all.filter((one) => one.cause?.operation_id === id);
      const key = [operation.sequence, operation.phase, operation.status, operation.isLost, caused.length].join("|");
      if (key === drawn) return;
      drawn = key;
      const name = serviceName(operation.service);
      if (heading.textContent !== name) fill(heading, icon(serviceIcon(operation.service)), name);
      fill(pills, outcomePill(operation), operation.operationClass ? classPill(operation.operationClass) : null);
      setText(summary, sentence(operation.summary));
      const part = operation.phase === "running" ? share(operation.progress) : null;
      progress.hidden = part === null || !operation.progress;
      // Its words are those of the progress meanwhile.
      summary.hidden = !progress.hidden;
      if (part !== null && operation.progress) {
        fill(figures, h("span", null, progressWords(operation.progress)), h("span", null, paceWords(operation)));
        filled.style.setProperty("width", `${part * 100}%`);
      }
      cancel.update(operation);
      drawFacts(project, facts, took, operation, all, caused);
      drawWhy(project, why, operation);
      setText(eventCount, count(operation.heard, "event"));
      events.update(operation);
      tick();
    },
  };
}

/**
 * @param {Project} project
 * @param {HTMLElement} facts
 * @param {HTMLElement} took
 * @param {Operation} operation
 * @param {Operation[]} all
 * @param {Operation[]} caused
 */
function drawFacts(project, facts, took, operation, all, caused) {
  const { since, cause, revision, hits, misses, id } = operation;
  const keep = facts.contains(document.activeElement) ? document.activeElement?.getAttribute("data-fact") : null;
  const by = cause ? all.find((one) => one.id === cause.operation_id) : null;
  /** @type {[string, (import("../dom.js").Child)[]][]} */
  const pairs = [["Began", [h("time", { datetime: since }, exact(since))]]];
  if (cause) pairs.push(["Caused by", [operationLink(project, cause.operation_id, by ? serviceName(by.service) : "another operation", "cause"), h("span", { class: "faint" }, `, at its event ${number(cause.sequence)}`)]]);
  if (caused.length) pairs.push(["Brought about", [h("ul", { class: "row wrap" }, caused.slice(0, 20).map((one) => h("li", null, operationLink(project, one.id, serviceName(one.service), one.id))))]]);
  if (hits + misses) pairs.push(["Cache", [`${count(hits, "hit")}, ${count(misses, "miss", "misses")} (${percent(hits / (hits + misses))} hits)`]]);
  if (revision !== null) pairs.push(["Revision", [number(revision)]]);
  const copy = button("Copy", { icon: "copy", tone: "quiet small", title: "Copy the operation's id", click: () => copyText(id) });
  copy.dataset.fact = "copy";
  pairs.push(["Id", [h("span", { class: "row" }, h("code", { class: "break" }, id), copy)]]);
  fill(facts, pairs.slice(0, 1).flatMap(pair), h("dt", null, operation.phase === "ended" ? "Took" : "Runs for"), took, pairs.slice(1).flatMap(pair));
  if (keep) /** @type {HTMLElement | null} */ (facts.querySelector(`[data-fact="${CSS.escape(keep)}"]`))?.focus({ preventScroll: true });
}

/** @param {[string, (import("../dom.js").Child)[]]} pair */
const pair = ([name, value]) => [h("dt", null, name), h("dd", null, value)];

/**
 * @param {Project} project
 * @param {string} id
 * @param {string} text
 * @param {string} fact
 */
const operationLink = (project, id, text, fact) => h("a", { href: link(project.id, "activity", { operation: id }), data: { fact } }, text);

/**
 * What stood in the way, and what was found.
 *
 * @param {Project} project
 * @param {HTMLElement} why
 * @param {Operation} operation
 */
function drawWhy(project, why, operation) {
  const { events, status, phase, isLost } = operation;
  const payload = phase === "ended" ? (events.at(-1)?.payload ?? {}) : {};
  /** @type {Diagnostic[]} */
  const diagnostics = payload.diagnostics ?? [];
  /** @type {import("../types.js").Blocker[]} */
  const blockers = payload.blockers ?? [];
  const parts = [];
  if (isLost) parts.push(notice("warn", "How this ended did not come here: events were missed, or the service was started anew meanwhile. The history has what was done."));
  if (blockers.length) parts.push(...blockerList(blockers));
  else if (status === "failed") parts.push(notice("bad", "Something broke; nothing was done."));
  if (status === "indeterminate") parts.push(notice("bad", "Something was committed, and whether it is durable could not be proven."));
  if (diagnostics.length) {
    parts.push(h("h3", null, count(payload.diagnostics_total ?? diagnostics.length, "finding")));
    parts.push(folded(diagnostics.map((one) => finding(project, one)), payload.diagnostics_total ?? diagnostics.length, "detail-findings", (n) => count(n, "more finding")));
  }
  why.hidden = parts.length === 0;
  arrange(why, parts);
}

/**
 * @param {Project} project
 * @param {Diagnostic} found
 */
function finding(project, found) {
  const place = found.location ? `${found.location.path}${found.location.line ? `:${found.location.line}` : ""}` : "";
  return h(
    "li",
    { class: "detail-finding" },
    severityMark(found.severity),
    h(
      "div",
      { class: "grow stack" },
      h("div", { class: "break" }, h("a", { class: "mono", href: link(project.id, "diagnostics", { code: found.code }) }, found.code), " ", sentence(found.message)),
      found.asset ? h("a", { class: "small cut", href: link(project.id, "assets", { asset: found.asset.root }) }, found.asset.address ?? found.asset.root) : null,
      place ? h("code", { class: "small faint break" }, place) : null,
      found.help ? h("div", { class: "small soft break" }, sentence(found.help)) : null,
    ),
  );
}

/** @param {string} text */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("good", "Copied", { detail: text });
  } catch {
    toast("warn", "The browser does not let this page copy", { detail: text });
  }
}
