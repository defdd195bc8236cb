// @ts-check
// An operation that was stopped half-way and that the service would not settle by itself: what of it is there, and the two
// ways to end it. Shown only while the service says that it is needed.

/** @import { Project } from "../project.js" */
/** @import { RuntimeState } from "../types.js" */

import { fill, h } from "../dom.js";
import { sentence } from "../format.js";
import { icon } from "../icons.js";
import { soon } from "../signal.js";
import { blockerList, button, notice } from "../ui/places.js";
import { ticked } from "./finding-row.js";
import { preview } from "./plan.js";

/** @param {RuntimeState | null} state */
const reasonOf = (state) => (state?.state === "failed" ? state.reasons.find((one) => one.code === "recovery_needed") : undefined);

/**
 * @param {Project} project
 * @param {AbortSignal} until
 */
export function recoveryPanel(project, until) {
  const steps = h("div", { class: "stack", "aria-live": "polite" });
  const why = h("p", { class: "break" });
  const undo = button("Undo what can be undone…", { icon: "restore", click: () => preview(project, "recover", { choice: "undo" }, "End it by undoing what can be undone") });
  const keep = button("Keep everything as it lies…", { icon: "check", click: () => preview(project, "recover", { choice: "keep" }, "End it and keep everything as it lies") });
  const element = h(
    "section",
    { class: "card recovery-card", "aria-labelledby": "recovery-title", hidden: true },
    h("header", null, icon("alert"), h("h2", { id: "recovery-title" }, "An operation was stopped half-way")),
    h("div", { class: "body stack" }, why, h("p", { class: "soft" }, "Nothing is written until you say how it ends. Both ways are shown first."), steps, h("div", { class: "row wrap" }, undo, keep)),
  );

  const read = async () => {
    try {
      // Without a choice nothing is done: it only says what is unfinished.
      const response = await project.call("recover", {}, until);
      const found = /** @type {{ path: string, message: string, undoable: boolean }[]} */ (response.data.steps ?? []);
      fill(
        steps,
        response.status !== "ok" && response.status !== "preview" ? (response.blockers.length ? blockerList(response.blockers) : notice("warn", sentence(response.summary))) : null,
        found.length ? h("ul", { class: "recovery-steps" }, found.map(({ path, message, undoable }) =>
          h("li", null, icon(undoable ? "restore" : "stop"), h("div", { class: "grow" }, h("code", { class: "break" }, path), h("div", { class: "soft small break" }, ticked(sentence(message)))), h("span", { class: "faint small" }, undoable ? "can be undone" : "stays where it lies")),
        )) : null,
      );
    } catch {
      // It is said above that the service is away.
    }
  };
  const readSoon = soon(read, 50, until);
  let said = "";
  project.state.watch((now) => {
    const reason = reasonOf(now);
    element.hidden = !reason;
    const says = reason ? JSON.stringify(reason) : "";
    if (says === said) return;
    said = says;
    if (!reason) return;
    fill(why, ticked(sentence(reason.message)));
    readSoon();
  }, until);
  return element;
}
