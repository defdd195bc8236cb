// @ts-check

/** @import { ViewContext } from "../main.js" */

import { h } from "../dom.js";

/** @param {ViewContext} context */
export function history({ host }) {
  host.append(h("div", { class: "page" }, h("h1", null, "history")));
}
