// @ts-check
// Empty places, notices, and what is shown when an answer is no success.

/** @import { Child } from "../dom.js" */
/** @import { IconName } from "../icons.js" */
/** @import { Response, Blocker } from "../types.js" */

import { h } from "../dom.js";
import { sentence } from "../format.js";
import { icon } from "../icons.js";
import { toast } from "./overlay.js";

/**
 * A place where nothing is: why, and what to do.
 *
 * @param {IconName} mark
 * @param {string} title
 * @param {string} text
 * @param {...Child} actions
 */
export function empty(mark, title, text, ...actions) {
  return h("div", { class: "empty" }, icon(mark), h("h2", null, title), h("p", null, text), h("div", { class: "row" }, ...actions));
}

/**
 * @param {"info" | "warn" | "bad" | "good"} tone
 * @param {...Child} content
 */
export function notice(tone, ...content) {
  /** @type {IconName} */
  const mark = tone === "good" ? "check" : tone === "info" ? "info" : tone === "warn" ? "alert" : "cross";
  return h("div", { class: `notice ${tone}` }, icon(mark), h("div", { class: "grow stack" }, ...content));
}

/** @param {Blocker[]} blockers */
export function blockerList(blockers) {
  return blockers.map((blocker) =>
    notice(
      "warn",
      h("div", { class: "break" }, sentence(blocker.message)),
      blocker.help ? h("div", { class: "soft small break" }, sentence(blocker.help)) : null,
      h("code", { class: "faint small" }, blocker.code),
    ),
  );
}

/**
 * Says in a toast how an operation ended; true where it is done.
 *
 * @param {Response} response
 * @param {{ label: string, run: () => void }} [action] What can be done with a success.
 */
export function sayOutcome(response, action) {
  const { status, summary, blockers } = response;
  if (status === "ok" || status === "preview") {
    toast("good", sentence(summary), { action });
    return true;
  }
  const [first] = blockers;
  const detail = first?.help ? sentence(first.help) : undefined;
  toast(status === "cancelled" || status === "blocked" ? "warn" : "bad", sentence(first?.message ?? summary), { detail });
  return false;
}

/**
 * @param {string} label
 * @param {{ icon?: IconName | undefined, tone?: string | undefined, title?: string | undefined, isDisabled?: boolean | undefined, click: (event: MouseEvent) => void }} options
 */
export function button(label, { icon: mark, tone = "", title, isDisabled = false, click }) {
  return h("button", { class: `button ${tone}`, title, disabled: isDisabled, on: { click } }, mark ? icon(mark) : null, label);
}
