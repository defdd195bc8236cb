// @ts-check
// States, classes, severities and outcomes as the service says them: a colour, a mark, and always the word.

/** @import { State, Severity, Status, OperationClass, Nature } from "../types.js" */
/** @import { IconName } from "../icons.js" */

import { h } from "../dom.js";
import { words } from "../format.js";
import { icon } from "../icons.js";

/** @type {Record<State, [string, IconName]>} */
const STATES = {
  healthy: ["good", "check"],
  stale: ["warn", "clock"],
  reconciling: ["info", "refresh"],
  diverged: ["warn", "alert"],
  committing: ["busy", "edit"],
  failed: ["bad", "cross"],
};

/** @param {State} state */
export const statePill = (state) => pill(state, ...(STATES[state] ?? ["", "info"]));

/** @type {Record<Severity, [string, IconName]>} */
const SEVERITIES = { error: ["bad", "cross"], warning: ["warn", "alert"], info: ["info", "info"] };

/** @param {Severity} severity */
export const severityPill = (severity) => pill(severity, ...(SEVERITIES[severity] ?? ["", "info"]));

/** @param {Severity} severity */
export function severityMark(severity) {
  const [, name] = SEVERITIES[severity] ?? ["", "info"];
  return h("span", { class: `mark ${severity}`, title: severity }, icon(name, severity));
}

/** @type {Record<Status, [string, IconName]>} */
const STATUSES = {
  ok: ["good", "check"],
  preview: ["info", "file"],
  running: ["busy", "pulse"],
  blocked: ["warn", "stop"],
  failed: ["bad", "cross"],
  indeterminate: ["bad", "help"],
  cancelled: ["", "minus"],
};

/** @param {Status} status */
export const statusPill = (status) => pill(status, ...(STATUSES[status] ?? ["", "info"]));

/** @param {OperationClass} operationClass */
export const classPill = (operationClass) => pill(words(operationClass), "", operationClass === "read_only" ? "search" : "edit");

/** @type {Record<Nature, [string, IconName]>} */
const NATURES = {
  additive: ["good", "plus"],
  edit: ["info", "edit"],
  relocational: ["warn", "move"],
  destructive: ["bad", "trash"],
};

/** @param {Nature} nature */
export const naturePill = (nature) => pill(nature, ...(NATURES[nature] ?? ["", "info"]));

/**
 * @param {string} word
 * @param {string} tone
 * @param {IconName} mark
 */
export function pill(word, tone, mark) {
  return h("span", { class: `pill ${tone}` }, icon(mark), word);
}
