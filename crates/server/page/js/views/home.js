// @ts-check
// All projects: those that are open, and how to open or make one.

/** @import { ProjectListed } from "../types.js" */

import { openProject } from "../api.js";
import { fill, h } from "../dom.js";
import { count } from "../format.js";
import { link, go } from "../router.js";
import { banner, brand, theme } from "../shell.js";
import { statePill } from "../ui/pills.js";
import { blockerList, button, empty, notice } from "../ui/places.js";
import * as workspace from "../workspace.js";

/**
 * @param {HTMLElement} app
 * @param {AbortSignal} until
 * @param {string | null} unknown The project that the address names and that is not open.
 */
export function home(app, until, unknown) {
  const list = h("div", { class: "projects" });
  workspace.listed.watch((all) => fill(list, projectList(all ?? [], until)), until);
  const page = h(
    "div",
    { class: "page" },
    h("div", { class: "top" }, h("div", { class: "brand" }, brand()), theme()),
    h("div", { class: "stack" }, h("h1", null, "Projects"), h("p", { class: "soft" }, "Each is a folder with a packwright.toml in it.")),
    unknown ? notice("warn", "The project that this address names is not open here.") : null,
    list,
    opener(),
  );
  fill(app, banner(until), h("main", { id: "main", class: "main", tabindex: "-1" }, page));
}

/**
 * @param {ProjectListed[]} all
 * @param {AbortSignal} until
 */
function projectList(all, until) {
  if (!all.length) return empty("folder", "No project is open", "Open a folder that is a workspace, or make one of a folder of art.");
  return all.map((one) => {
    const known = one.project_id ? workspace.project(one.project_id) : null;
    if (!known || !one.project_id) return unreadable(one);
    const state = h("span", { class: "end" });
    known.state.watch((now) => fill(state, now ? statePill(now.state) : ""), until);
    const counts = h("span", { class: "soft small end" });
    known.status.watch((now) => {
      const structural = now?.counts.structural ?? 0;
      fill(counts, now ? `${count(now.counts.registered, "asset")}${structural ? `, ${count(structural, "structural finding")}` : ""}` : "");
    }, until);
    return h(
      "a",
      { class: "card", href: link(one.project_id, "assets") },
      h("h2", { class: "cut" }, one.name ?? one.path), state,
      h("span", { class: "soft small break" }, one.path), counts,
    );
  });
}

/** @param {ProjectListed} one */
function unreadable(one) {
  const why = (one.diagnostics ?? []).map((found) => h("li", { class: "break" }, h("code", null, found.code), ` ${found.message}`));
  return h(
    "div",
    { class: "card" },
    h("div", { class: "body stack" }, h("h2", { class: "break" }, one.path), notice("bad", "Its packwright.toml does not read, so the project has no name yet. Correct it: the project turns up here by itself.", h("ul", null, why))),
  );
}

/** Opens a workspace, or makes a folder one. */
function opener() {
  const path = h("input", { class: "field", id: "open-path", name: "path", placeholder: "/home/me/my-game", autocomplete: "off", spellcheck: "false" });
  const name = h("input", { class: "field", id: "open-name", name: "name", placeholder: "the folder's name", autocomplete: "off", maxlength: "64" });
  const answer = h("div", { class: "stack", "aria-live": "polite" });
  /** @param {boolean} init */
  const ask = async (init) => {
    if (!path.value.trim()) {
      fill(answer, notice("warn", "Say which folder."));
      path.focus();
      return;
    }
    try {
      const wanted = init && name.value.trim() ? { path: path.value.trim(), init, name: name.value.trim() } : { path: path.value.trim(), init };
      const response = await openProject(wanted);
      if (response.status === "ok" && response.project_id) {
        await workspace.readProjects();
        go(link(response.project_id, "assets"));
        return;
      }
      fill(answer, response.blockers.length ? blockerList(response.blockers) : notice("bad", response.summary));
    } catch (error) {
      fill(answer, notice("bad", String(error instanceof Error ? error.message : error)));
    }
  };
  const form = h(
    "form",
    { class: "body stack", on: { submit: (/** @type {SubmitEvent} */ event) => { event.preventDefault(); ask(false); } } },
    h("div", null, h("label", { class: "label", for: "open-path" }, "Folder"), path, h("p", { class: "hint" }, "Its whole path, on the machine that the service runs on.")),
    h("div", null, h("label", { class: "label", for: "open-name" }, "Name of a new workspace"), name),
    h("div", { class: "row" },
      h("button", { class: "button primary", type: "submit" }, "Open"),
      button("Make a workspace of it", { icon: "plus", title: "Writes packwright.toml, an empty registry and the assets folder; nothing that is there is changed", click: (event) => { event.preventDefault(); ask(true); } })),
    answer,
  );
  return h("section", { class: "card", "aria-labelledby": "open-title" }, h("header", null, h("h2", { id: "open-title" }, "Open or make one")), form);
}
