// @ts-check
// What a code means, from its page in the manual, in a sheet at the side.

/** @import { Block } from "./finding-manual.js" */

import * as api from "../api.js";
import { fill, h } from "../dom.js";
import { openDialog } from "../ui/overlay.js";
import { pill } from "../ui/pills.js";
import { button, notice } from "../ui/places.js";
import { blocksOf, runsOf } from "./finding-manual.js";

/**
 * @param {string} code
 * @param {string} name
 */
export async function explain(code, name) {
  const sheet = openDialog("sheet", `${code} ${name}`);
  sheet.dialog.classList.add("manual-sheet");
  const isStructural = code.startsWith("S");
  const head = h("div", { class: "row wrap" }, pill(isStructural ? "structural" : "hygiene", isStructural ? "bad" : "info", "shield"), h("span", { class: "soft" }, isStructural ? "Blocks builds, and cannot be lowered" : "Only advice: never blocks a build"));
  const page = h("article", { class: "finding-manual", "aria-live": "polite" }, skeleton());
  fill(sheet.main, head, page);
  fill(sheet.foot, button("Close", { click: sheet.close }));
  const answer = await api.explain(code).catch(() => null);
  if (answer) fill(page, blocksOf(answer.page).filter((block, index) => !(index === 0 && block.kind === "heading")).map(blockElement));
  else fill(page, notice("info", h("div", null, "The service has no page for it here. ", h("code", null, `packwright explain ${code}`), " prints what it means, why it matters, and what to do.")));
}

/** @param {Block} block */
function blockElement(block) {
  switch (block.kind) {
    case "heading":
      return h("h3", null, inline(block.text));
    case "code":
      // It scrolls by itself, so the keyboard has to reach it.
      return h("pre", { tabindex: "0", role: "region", "aria-label": "Example" }, block.text);
    case "list":
      return h("ul", null, block.items.map((item) => h("li", null, inline(item))));
    case "text":
      return h("p", null, inline(block.text));
  }
}

/** @param {string} text */
const inline = (text) => runsOf(text).map(({ text: run, as }) => (as === "text" ? run : h(as, null, run)));

const skeleton = () => h("div", { class: "stack", "aria-hidden": "true" }, ["wide", "", "wide", "short", "wide", ""].map((size) => h("div", { class: `finding-bone ${size}` })));
