// @ts-check
// The head of the findings: the verdict in the service's words, what it comes to in numbers, and how the look goes on.

/** @import { Project } from "../project.js" */
/** @import { Look, Looked, Running } from "./finding-look.js" */

import { fill, h } from "../dom.js";
import { ago, count, duration, exact, number, sentence } from "../format.js";
import { icon } from "../icons.js";
import { popover } from "../ui/overlay.js";
import { button, notice } from "../ui/places.js";
import { explain } from "./finding-explain.js";
import { safeOf, severityCounts, toneOf } from "./finding-groups.js";
import { ticked } from "./finding-row.js";

/**
 * @param {Project} project
 * @param {Look} look
 * @param {{ again: () => void, fixAll: () => void }} does
 * @param {AbortSignal} until
 */
export function verdictCard(project, look, { again, fixAll }, until) {
  const badge = h("div", { class: "verdict-badge" });
  const title = h("h2", null);
  const rest = h("p", { class: "soft" });
  const when = h("p", { class: "faint small" });
  const does = h("div", { class: "row" });
  const safe = h("button", { class: "button", hidden: true, title: "The plan is shown first", on: { click: fixAll } });
  const facts = h("dl", { class: "verdict-facts" });
  const failed = h("div", { class: "verdict-failed", hidden: true });
  const progress = h("div", { class: "verdict-progress", role: "progressbar", "aria-label": "The doctor's progress", hidden: true }, h("span", null));
  const element = h(
    "section",
    { class: "card verdict", "aria-label": "Verdict" },
    h("div", { class: "verdict-line" }, badge, h("div", { class: "grow verdict-words", role: "status" }, title, rest), h("div", { class: "row verdict-do" }, safe, does)),
    facts,
    h("div", { class: "verdict-progress-place" }, progress),
  );

  const drawWhen = () => {
    const looked = look.looked.get();
    if (!looked) return fill(when, " ");
    const { wanted, at, tookMs } = looked;
    const where = `${wanted.scope === "workspace" ? "The whole workspace" : "The registered assets"}${wanted.deep ? ", decoded in full" : ""}`;
    return fill(when, `${where}, looked at `, h("time", { datetime: at, title: exact(at) }, ago(at)), ` in ${duration(tookMs)}`);
  };
  /** @param {Looked | null} looked */
  const draw = (looked) => {
    const tone = looked ? toneOf(looked.found) : "none";
    badge.className = `verdict-badge ${tone}`;
    fill(badge, icon(tone === "good" ? "check" : tone === "bad" ? "cross" : tone === "warn" ? "alert" : "shield"));
    const [first = "", ...others] = (looked?.found.summary ?? "").split("; ");
    fill(title, looked ? sentence(first) : look.trouble.get()?.isCancelled ? "Not looked at yet" : look.trouble.get() ? "It could not be looked at" : "Looking at the workspace…");
    fill(rest, others.length ? `${sentence(others.join("; "))}.` : looked ? "" : " ");
    rest.hidden = !rest.textContent;
    fill(facts, looked ? factsOf(looked) : noFacts(look.trouble.get() ? () => "–" : () => h("span", { class: "finding-bone for-number" })));
    const trouble = looked?.found.data.failed ?? [];
    failed.hidden = trouble.length === 0;
    fill(failed, trouble.length ? notice("warn", h("h3", null, trouble.length === 1 ? "A check could not run" : `${number(trouble.length)} checks could not run`), h("p", { class: "soft" }, "They neither passed nor failed: what they look for may be there or not."), h("ul", { class: "stack small" }, trouble.map((one) => h("li", { class: "break" }, h("code", null, one.check), " ", ticked(one.message))))) : null);
    const n = looked ? safeOf(looked.found.findings).length : 0;
    safe.hidden = n === 0;
    fill(safe, icon("wrench"), `Fix all that is safe (${number(n)})…`);
    drawWhen();
  };

  /** @param {Running | null} running */
  const drawProgress = (running) => {
    const isShown = running !== null && !running.isQuiet;
    const operation = isShown ? project.operations.get().find((one) => one.id === running.operation) : undefined;
    const at = operation?.progress;
    const share = at?.total ? Math.min(1, at.done / at.total) : null;
    progress.hidden = !isShown;
    progress.classList.toggle("unknown", share === null);
    const bar = progress.firstElementChild;
    if (bar instanceof HTMLElement) bar.style.setProperty("width", share === null ? "" : `${share * 100}%`);
    if (share === null) progress.removeAttribute("aria-valuenow");
    else progress.setAttribute("aria-valuenow", String(Math.round(share * 100)));
    if (isShown) fill(when, at ? `${sentence(at.phase)}: ${number(at.done)} of ${number(at.total)}` : operation?.phase === "queued" ? "Waiting for its turn" : "Just begun");
    else drawWhen();
  };
  /** @type {string | null} */
  let shownAs = null;
  /** @param {Running | null} running */
  const drawDoes = (running) => {
    const as = running && !running.isQuiet ? "cancel" : "again";
    if (as === shownAs) return;
    shownAs = as;
    const had = does.contains(document.activeElement);
    fill(does, as === "cancel" ? button("Cancel", { icon: "stop", click: () => look.cancel() }) : button("Look again", { icon: "refresh", click: again }));
    if (had) does.querySelector("button")?.focus();
  };

  look.looked.watch(draw, until);
  look.trouble.watch(() => draw(look.looked.get()), until);
  look.running.watch((running) => (drawProgress(running), drawDoes(running)), until);
  project.operations.watch(() => look.running.get() && drawProgress(look.running.get()), until);
  const clock = setInterval(() => look.running.get() || drawWhen(), 20_000);
  until.addEventListener("abort", () => clearInterval(clock), { once: true });
  return { element: h("div", { class: "verdict-side" }, element, failed), when };
}

/** @param {Looked} looked */
function factsOf({ found }) {
  const counts = severityCounts(found);
  const { data } = found;
  return [
    fact("Errors", counts.error, "bad"),
    fact("Warnings", counts.warning, "warn"),
    fact("Notes", counts.info, "info"),
    counts.unknown ? fact("Not read yet", counts.unknown, "") : null,
    checksFact(data),
    fact("Could not run", data.failed.length, "warn"),
    fact("Allowed", data.allowed, "", "Findings that the settings say are meant to be"),
    fact("Unchecked", data.unchecked_sources, "", `The content of ${count(data.unchecked_sources, "source")} was not looked at since it changed: the next build does, and so does a deep look`),
  ];
}

/**
 * @param {string} label
 * @param {number} n
 * @param {string} tone
 * @param {string} [title]
 */
const fact = (label, n, tone, title) => h("div", { class: `verdict-fact ${n ? tone : "none"}`, title }, h("dt", null, label), h("dd", null, number(n)));

/** What was checked, and what the settings turn off. @param {Looked["found"]["data"]} data */
function checksFact({ checks, off, failed }) {
  const show = h("button", { class: "verdict-more", title: "Which checks" }, number(checks.length), off.length ? h("span", { class: "faint small" }, ` ${number(off.length)} off`) : null);
  /** @param {string[]} codes */
  const chips = (codes) => h("ul", { class: "finding-chips" }, codes.map((code) => h("li", null, h("button", { class: "finding-chip mono", title: `Explain ${code}`, on: { click: () => explain(code, "") } }, code))));
  popover(show, () =>
    h("div", { class: "stack" },
      h("h3", null, `Looked for (${number(checks.length)})`), chips(checks),
      off.length ? [h("h3", null, `Turned off in the settings (${number(off.length)})`), chips(off)] : null,
      failed.length ? [h("h3", null, "Could not run"), chips([...new Set(failed.map((one) => one.check))].filter((check) => /^[SH]\d+$/.test(check)))] : null), "finding-checks");
  return h("div", { class: "verdict-fact" }, h("dt", null, "Checks"), h("dd", null, show));
}

/** @param {() => import("../dom.js").Child} value What stands in the place of each number. */
const noFacts = (value) => ["Errors", "Warnings", "Notes", "Checks", "Could not run", "Allowed", "Unchecked"].map((label) => h("div", { class: "verdict-fact none" }, h("dt", null, label), h("dd", null, value())));
