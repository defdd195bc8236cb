// @ts-check

/** @import { ViewContext } from "../main.js" */

import { h } from "../dom.js";

/** @param {ViewContext} context */
export function diagnostics({ host }) {
  host.append(h("div", { class: "page" }, h("h1", null, "diagnostics")));
}
