// @ts-check
// The build report: what the last build put into the pack, what changed, and what it cost.

/** @import { ViewContext } from "../main.js" */
/** @import { Project } from "../project.js" */
/** @import { Report } from "./report-data.js" */

import { SignedOut, Unreachable } from "../api.js";
import { fill, h } from "../dom.js";
import { sentence } from "../format.js";
import { icon } from "../icons.js";
import { isFailure } from "../operations.js";
import { link } from "../router.js";
import { soon } from "../signal.js";
import { toast } from "../ui/overlay.js";
import { blockerList, button, empty, notice } from "../ui/places.js";
import { biggestCard, changeCard, duplicateCard, headline, reasonCard, slowCard, whenWords } from "./report-cards.js";
import { read } from "./report-data.js";
import { sizeMap } from "./report-map.js";

/** @param {ViewContext} context */
export function report({ project, host, until }) {
  const said = h("p", { class: "soft small report-when" });
  const beside = h("div", { class: "report-beside", "aria-live": "polite" });
  const body = h("div", { class: "report-body" }, skeleton());
  fill(host, h("div", { class: "page report" }, h("div", { class: "head" }, h("div", { class: "grow" }, h("h1", null, "Build report"), said)), beside, body));

  const map = sizeMap(project, until);
  const top = h("div", { class: "report-top" });
  const cards = h("div", { class: "report-cards" });
  /** @type {Report | null} */
  let shown = null;
  let shownAs = "";

  const load = async () => {
    try {
      const response = await project.call("get_build_report", {}, until);
      if (response.status !== "ok") {
        refuse(response.blockers.length ? blockerList(response.blockers) : [notice("bad", sentence(response.summary))]);
        return;
      }
      show(read(response.data));
    } catch (error) {
      if (until.aborted || error instanceof Unreachable || error instanceof SignedOut) return;
      refuse([notice("bad", "The report could not be read.", h("span", { class: "soft small" }, error instanceof Error ? error.message : String(error)))]);
      if (!(error instanceof Error)) throw error;
    }
  };

  /** @param {HTMLElement[]} why */
  const refuse = (why) => {
    shownAs = "";
    fill(said);
    fill(body, h("div", { class: "stack", role: "alert" }, why), h("div", { class: "row" }, button("Try again", { icon: "refresh", click: load })));
  };

  /** @param {Report | null} now */
  const show = (now) => {
    shown = now;
    // Which assets are still there may be another at each reading.
    const as = now ? JSON.stringify([now.built?.operation, now.stored, now.assets.length, now.assets.filter((one) => !one.isThere).length, now.wasted]) : "none";
    if (as !== shownAs) {
      shownAs = as;
      if (now) draw(now);
      else drawEmpty();
    }
    drawBeside();
  };

  const drawWhen = () => fill(said, shown?.built ? whenWords(project, shown.built) : "");

  /** @param {Report} now */
  const draw = (now) => {
    drawWhen();
    fill(top, now.built ? headline(now.built, now.changes) : notice("info", "What the build of this pack said of itself is gone; what is in the pack is known all the same."));
    fill(cards, column(changeCard(project, now.changes), now.built ? reasonCard(now.built) : null), column(biggestCard(project, now), duplicateCard(project, now)), column(slowCard(project, now)));
    if (!map.element.isConnected) fill(body, top, map.element, cards);
    map.update(now);
  };

  const drawEmpty = () => {
    fill(said, "Nothing has been built yet");
    fill(body, h("div", { class: "card" }, empty("chart", "No build yet", "A build puts the included assets into one pack. Its report says here how large everything is, what changed, and what took its time.", buildButton(project))));
  };

  /** What goes on, or went wrong, since the report. */
  const drawBeside = () => {
    const builds = project.operations.get().filter((one) => one.service === "build");
    const running = builds.find((one) => one.phase === "running");
    const newest = builds.find((one) => one.phase === "ended");
    const since = shown?.built ? Date.parse(shown.built.at) : 0;
    const wrong = newest && isFailure(newest) && Date.parse(newest.newest) > since ? newest : null;
    const key = `${running?.id} ${wrong?.id} ${shownAs}`;
    if (beside.dataset.key === key) return;
    beside.dataset.key = key;
    const is = shown ? "This is the report of the one before." : "";
    if (running) fill(beside, notice("info", h("div", null, `A build is running. ${is} `, h("a", { href: link(project.id, "activity", { operation: running.id }) }, "Follow it"))));
    else if (wrong) fill(beside, notice("warn", h("div", null, `The newest build did not come to a pack: ${wrong.summary}. ${is} `, h("a", { href: link(project.id, "activity", { operation: wrong.id }) }, "See why"))));
    else fill(beside);
  };

  const again = soon(load, 60, until);
  project.changed.hear((subjects) => subjects.has("build") && again(), until);
  project.operations.watch(drawBeside, until);
  load();
  // `3 minutes ago` grows old.
  const timer = setInterval(() => shown && !said.contains(document.activeElement) && drawWhen(), 30_000);
  until.addEventListener("abort", () => clearInterval(timer), { once: true });
}

/** @param {...(HTMLElement | null)} cards */
const column = (...cards) => h("div", { class: "report-column" }, ...cards);

/** What is about to come, in its own sizes. */
function skeleton() {
  const block = (/** @type {string} */ names) => h("div", { class: `skeleton ${names}` });
  return h("div", { class: "report-skeleton", role: "status", "aria-label": "The report is being read" }, block("s-top"), block("s-map"), h("div", { class: "report-cards" }, block("s-card"), block("s-card"), block("s-card")));
}

/** @param {Project} project */
function buildButton(project) {
  const element = h("button", { class: "button primary" }, icon("build"), "Build");
  element.addEventListener("click", async () => {
    if (element.getAttribute("aria-disabled")) return;
    element.setAttribute("aria-disabled", "true");
    fill(element, icon("build"), "Building…");
    try {
      const response = await project.run("build", {});
      if (response.status === "ok") return;
      const [first] = response.blockers;
      toast(response.status === "failed" ? "bad" : "warn", sentence(first?.message ?? response.summary), { detail: first?.help ? sentence(first.help) : undefined });
    } catch (error) {
      toast("bad", "The build's answer could not be had", { detail: error instanceof Error ? error.message : String(error) });
    } finally {
      element.removeAttribute("aria-disabled");
      fill(element, icon("build"), "Build");
    }
  });
  return element;
}
