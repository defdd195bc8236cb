// @ts-check
// The frame around a project: the rail with its parts, and the project bar.

/** @import { Project } from "./project.js" */
/** @import { Part } from "./router.js" */
/** @import { IconName } from "./icons.js" */

import { fill, h } from "./dom.js";
import { ago, count, exact, number, sentence, words } from "./format.js";
import { icon } from "./icons.js";
import { link, go } from "./router.js";
import { signal } from "./signal.js";
import { popover, toast } from "./ui/overlay.js";
import { statePill } from "./ui/pills.js";
import { button, sayOutcome } from "./ui/places.js";
import * as workspace from "./workspace.js";

/** @type {[Part, string, IconName][]} */
const PARTS = [
  ["assets", "Assets", "list"],
  ["diagnostics", "Diagnostics", "shield"],
  ["activity", "Activity", "pulse"],
  ["report", "Build report", "chart"],
  ["quarantine", "Quarantine", "archive"],
  ["history", "History", "history"],
];

/**
 * Puts the frame into the page and gives back the place of the part.
 *
 * @param {HTMLElement} app
 * @param {Project} project
 * @param {Part} part
 * @param {AbortSignal} until
 */
export function frame(app, project, part, until) {
  const main = h("main", { id: "main", class: "main", tabindex: "-1" });
  fill(app, banner(until), rail(project, part, until), bar(project, until), main);
  return main;
}

/** Says when what is shown may be old. @param {AbortSignal} until */
export function banner(until) {
  const element = h("div", { class: "banner", role: "alert", hidden: true });
  const text = {
    connecting: "",
    connected: "",
    lost: "Disconnected from the service. What is shown may be old; the page reconnects by itself.",
    signed_out: "This browser is no longer signed in. Run `packwright studio` again, and open the address that it prints.",
  };
  workspace.connection.watch((now) => {
    element.hidden = !text[now];
    fill(element, icon("plug"), text[now]);
  }, until);
  return element;
}

/**
 * @param {Project} project
 * @param {Part} part
 * @param {AbortSignal} until
 */
function rail(project, part, until) {
  const structural = h("span", { class: "count bad", hidden: true });
  const running = h("span", { class: "count", hidden: true });
  project.status.watch((status) => {
    const n = status?.counts.structural ?? 0;
    structural.hidden = n === 0;
    fill(structural, number(n), h("span", { class: "visually-hidden" }, " structural"));
  }, until);
  project.operations.watch((all) => {
    const n = all.filter((one) => one.phase !== "ended").length;
    running.hidden = n === 0;
    fill(running, number(n), h("span", { class: "visually-hidden" }, " running"));
  }, until);
  const badges = /** @type {Partial<Record<Part, HTMLElement>>} */ ({ diagnostics: structural, activity: running });
  const parts = PARTS.map(([name, label, mark]) =>
    h(
      "a",
      { class: "part", href: link(project.id, name), title: label, "aria-current": name === part ? "page" : null },
      icon(mark),
      h("span", { class: "grow" }, label),
      badges[name],
    ),
  );
  const home = h("a", { class: "brand", href: "#/", title: "All projects" }, brand());
  return h("nav", { class: "rail", "aria-label": "Parts of the project" }, home, switcher(project, until), parts, h("div", { class: "foot" }, theme()));
}

/**
 * @param {Project} project
 * @param {AbortSignal} until
 */
function switcher(project, until) {
  const select = h("select", { class: "field switch", "aria-label": "Project", on: { change: () => go(select.value) } });
  workspace.listed.watch((all) => {
    const options = (all ?? []).filter((one) => one.project_id).map((one) => {
      const id = /** @type {string} */ (one.project_id);
      return h("option", { value: link(id, "assets"), selected: id === project.id }, one.name ?? one.path);
    });
    fill(select, options, h("option", { value: "#/" }, "Open another…"));
  }, until);
  return select;
}

/** The product's sign and name. */
export const brand = () => [h("img", { src: new URL("../icon.svg", import.meta.url).href, alt: "" }), h("span", null, "Packwright")];

/** Light, dark, or as the system has it. */
export function theme() {
  const kept = () => localStorage.getItem("theme");
  const apply = () => {
    const now = kept();
    if (now) document.documentElement.dataset.theme = now;
    else delete document.documentElement.dataset.theme;
  };
  apply();
  const isDark = () => getComputedStyle(document.documentElement).colorScheme === "dark" || (!kept() && matchMedia("(prefers-color-scheme: dark)").matches);
  const turn = h("button", { class: "button quiet small", title: "Light or dark", on: { click: () => {
    localStorage.setItem("theme", isDark() ? "light" : "dark");
    apply();
    draw();
  } } });
  const draw = () => fill(turn, icon(isDark() ? "sun" : "moon"), h("span", { class: "long" }, isDark() ? "Light" : "Dark"));
  draw();
  return turn;
}

/**
 * @param {Project} project
 * @param {AbortSignal} until
 */
function bar(project, until) {
  const state = h("button", { class: "button quiet small", title: "Why" });
  let open = new AbortController();
  until.addEventListener("abort", () => open.abort(), { once: true });
  popover(state, () => {
    open.abort();
    open = new AbortController();
    const element = h("div", null);
    const draw = () => fill(element, reasons(project));
    project.state.watch(draw, open.signal);
    project.status.watch(draw, open.signal);
    return element;
  });
  project.state.watch((now) => fill(state, now ? statePill(now.state) : ""), until);
  const revision = h("span", { class: "revision faint small", title: "Grows with every change that is published" });
  project.revision.watch((now) => fill(revision, now === null ? "" : `revision ${number(now)}`), until);
  const isBusy = signal(/** @type {string | null} */ (null));
  return h(
    "header",
    { class: "projectbar" },
    h("h1", { class: "cut", title: project.path }, project.name),
    state,
    revision,
    h("div", { class: "grow" }),
    lane(project, until),
    doctorButton(project, isBusy),
    buildButton(project, until),
  );
}

/** Every reason that the service names, with the operation that brought it about. @param {Project} project */
function reasons(project) {
  const now = project.state.get();
  const watcher = project.status.get()?.watcher;
  const because = (now?.reasons ?? []).map((reason) =>
    h(
      "li",
      { class: "stack" },
      h("div", { class: "break" }, sentence(reason.message), reason.count ? ` (${count(reason.count, "asset")})` : ""),
      h("div", { class: "row small faint" }, h("code", null, reason.code), reason.cause
        ? h("a", { href: link(project.id, "activity", { operation: reason.cause.operation_id }) }, "what caused it")
        : null),
    ),
  );
  const built = project.status.get()?.last_build;
  return h(
    "div",
    { class: "stack" },
    h("h2", null, now ? sentence(now.state) : "Unknown"),
    because.length ? h("ul", { class: "stack" }, because) : h("p", { class: "soft" }, "What is shown equals what is on disk, as last observed."),
    watcher && !watcher.active ? h("p", { class: "soft small" }, `Not observed: ${watcher.message ?? "nobody says why"}`) : null,
    h("p", { class: "faint small" }, built ? `Last built ${ago(built.at)} (${exact(built.at)})` : "Never built"),
    h("p", { class: "faint small break" }, project.path),
  );
}

/**
 * What the lane runs, and what waits.
 *
 * @param {Project} project
 * @param {AbortSignal} until
 */
function lane(project, until) {
  const element = h("div", { class: "lane", "aria-live": "off" });
  const draw = () => {
    const active = project.operations.get().filter((one) => one.phase !== "ended" && one.service !== "reconcile");
    const running = active.find((one) => one.phase === "running");
    const waiting = active.filter((one) => one.phase === "queued").length;
    if (!running) {
      fill(element);
      return;
    }
    const share = running.progress?.total ? running.progress.done / running.progress.total : null;
    fill(
      element,
      h(
        "a",
        { class: "row soft", href: link(project.id, "activity", { operation: running.id }) },
        h("span", { class: "cut grow" }, sentence(words(running.service ?? "operation")), running.progress ? `: ${running.progress.phase}` : ""),
        waiting ? h("span", { class: "faint" }, `${number(waiting)} waiting`) : null,
      ),
      h("div", { class: `bar ${share === null ? "unknown" : ""}` }, h("span", { style: share === null ? {} : { width: `${share * 100}%` } })),
    );
  };
  project.operations.watch(draw, until);
  return element;
}

/**
 * @param {Project} project
 * @param {import("./signal.js").Signal<string | null>} isBusy
 */
function doctorButton(project, isBusy) {
  return button("Doctor", {
    icon: "shield",
    title: "Look at the whole workspace and say what is wrong or untidy; changes nothing",
    click: async () => {
      if (isBusy.get()) return;
      isBusy.set("doctor");
      go(link(project.id, "diagnostics", { look: String(Date.now()) }));
      isBusy.set(null);
    },
  });
}

/**
 * @param {Project} project
 * @param {AbortSignal} until
 */
function buildButton(project, until) {
  /** @type {string | null} */
  let operation = null;
  const click = async () => {
    if (operation) {
      await project.cancel(operation);
      return;
    }
    operation = "";
    draw();
    try {
      const response = await project.run("build", {}, (id) => {
        operation = id;
        draw();
      });
      const report = { label: "See the report", run: () => go(link(project.id, "report")) };
      const findings = { label: "See why", run: () => go(link(project.id, "diagnostics")) };
      if (!sayOutcome(response, report) && response.diagnostics.length) go(link(project.id, "diagnostics"));
      else if (response.diagnostics.length) toast("warn", count(response.diagnostics.length, "finding"), { action: findings });
    } catch (error) {
      toast("bad", "The build's answer could not be had", { detail: String(error) });
    } finally {
      operation = null;
      draw();
    }
  };
  const element = h("button", { class: "button primary", on: { click } });
  const draw = () => {
    element.disabled = operation === "";
    element.classList.toggle("primary", operation === null);
    fill(element, icon(operation === null ? "build" : "stop"), operation === null ? "Build" : "Cancel build");
  };
  draw();
  until.addEventListener("abort", () => (operation = null), { once: true });
  return element;
}
