// @ts-check
// What comes above the page: sheets, boxes, popovers, menus and toasts. The browser's own dialogs and popovers, so that
// focus, Escape and the screen reader are right by themselves.

/** @import { Child } from "../dom.js" */
/** @import { IconName } from "../icons.js" */

import { fill, h } from "../dom.js";
import { icon } from "../icons.js";

let ids = 0;

/**
 * A dialog, open at once. `close` takes it away; so do Escape and the cross, unless `mayClose` says no.
 *
 * @param {"sheet" | "box"} shape
 * @param {string} title
 * @param {{ mayClose?: () => boolean, onClose?: () => void }} [options]
 */
export function openDialog(shape, title, { mayClose = () => true, onClose } = {}) {
  const id = `dialog-${(ids += 1)}`;
  const heading = h("h2", { id }, title);
  const head = h("div", { class: "dialog-head" }, heading);
  const main = h("div", { class: "dialog-main" });
  const foot = h("div", { class: "dialog-foot" });
  const body = h("div", { class: `${shape}-body` }, head, main, foot);
  const dialog = h("dialog", { class: shape, "aria-labelledby": id }, body);
  const opener = document.activeElement;
  const close = () => dialog.close();
  const ask = () => mayClose() && close();
  head.append(h("button", { class: "button quiet square", "aria-label": "Close", on: { click: ask } }, icon("close")));
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    ask();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    onClose?.();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) ask();
  });
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, heading, head, main, foot, close };
}

/**
 * A popover at `anchor`: opens at its click, and by `Enter` and space, as buttons do.
 *
 * @param {HTMLElement} anchor
 * @param {() => Child | Child[]} content Made anew at each opening.
 * @param {string} [names]
 */
export function popover(anchor, content, names = "") {
  const element = h("div", { class: `popover ${names}`, popover: "auto", id: `popover-${(ids += 1)}` });
  anchor.setAttribute("aria-haspopup", "true");
  anchor.setAttribute("aria-expanded", "false");
  anchor.addEventListener("click", () => {
    if (element.isConnected) {
      element.hidePopover();
      return;
    }
    const made = content();
    fill(element, made);
    // In a landmark, and in the dialog where there is one: what is outside of an open dialog cannot be used.
    (anchor.closest("dialog, main, .rail, .projectbar") ?? document.body).append(element);
    element.showPopover();
    place(element, anchor);
    anchor.setAttribute("aria-expanded", "true");
    const first = element.querySelector("button, a, input");
    if (first instanceof HTMLElement) first.focus();
  });
  element.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "closed") return;
    anchor.setAttribute("aria-expanded", "false");
    if (element.contains(document.activeElement) || document.activeElement === document.body) anchor.focus();
    element.remove();
  });
  return element;
}

/**
 * A menu at a button. The arrow keys go through it.
 *
 * @param {HTMLElement} anchor
 * @param {() => ({ label: string, icon?: IconName, isDanger?: boolean, run: () => void } | null)[]} items Null is a line.
 */
export function menu(anchor, items) {
  const element = popover(
    anchor,
    () =>
      items().map((item) => {
        if (!item) return h("hr", null);
        const run = () => {
          element.hidePopover();
          item.run();
        };
        const names = item.isDanger ? "danger" : "";
        return h("button", { role: "menuitem", class: names, on: { click: run } }, item.icon ? icon(item.icon) : null, item.label);
      }),
    "menu",
  );
  anchor.setAttribute("aria-haspopup", "menu");
  element.setAttribute("role", "menu");
  element.addEventListener("keydown", (event) => {
    const buttons = [...element.querySelectorAll("button")];
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const to = event.key === "ArrowDown" ? at + 1 : event.key === "ArrowUp" ? at - 1 : undefined;
    if (to === undefined) return;
    event.preventDefault();
    buttons[(to + buttons.length) % buttons.length]?.focus();
  });
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {HTMLElement} anchor
 */
function place(element, anchor) {
  const at = anchor.getBoundingClientRect();
  const { width, height } = element.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, window.innerWidth - width - 8));
  const below = at.bottom + 6;
  const top = below + height > window.innerHeight - 8 ? Math.max(8, at.top - height - 6) : below;
  element.style.setProperty("left", `${left}px`);
  element.style.setProperty("top", `${top}px`);
}

/**
 * Says how something went, for a while; what went wrong stays until it is closed.
 *
 * @param {"good" | "warn" | "bad"} tone
 * @param {string} text
 * @param {{ detail?: string | undefined, action?: { label: string, run: () => void } | undefined }} [more]
 */
export function toast(tone, text, { detail, action } = {}) {
  const place = document.getElementById("toasts");
  if (!place) return;
  /** @type {IconName} */
  const mark = tone === "good" ? "check" : tone === "warn" ? "alert" : "cross";
  const close = () => element.remove();
  const run = () => {
    close();
    action?.run();
  };
  const element = h(
    "div",
    { class: `toast ${tone}` },
    icon(mark),
    h("div", { class: "grow" }, h("div", null, text), detail ? h("div", { class: "soft small" }, detail) : null),
    action ? h("button", { class: "button small", on: { click: run } }, action.label) : null,
    h("button", { class: "button quiet small square", "aria-label": "Close this message", on: { click: close } }, icon("close")),
  );
  place.append(element);
  while (place.children.length > 4) place.firstElementChild?.remove();
  if (tone === "good") setTimeout(close, action ? 10_000 : 6000);
}
