// @ts-check
// Registers folders that the list does not know: those without a manifest, and those that stood in the way of something.

/** @import { Project } from "../project.js" */
/** @import { Blocker, Response } from "../types.js" */

import { SignedOut, Unreachable } from "../api.js";
import { fill, h } from "../dom.js";
import { count, sentence } from "../format.js";
import { icon } from "../icons.js";
import { openDialog } from "../ui/overlay.js";
import { blockerList, button, notice, sayOutcome } from "../ui/places.js";
import { addressTrouble } from "./asset-rules.js";
import { preview } from "./plan.js";

export const IMPORTERS = ["auto", "raw", "image", "audio", "data", "text"];

/** How many blockers are listed at first. */
const LISTED = 30;

/**
 * @param {Project} project
 * @param {{ roots?: string[], blockers?: Blocker[], done?: (response: Response) => void }} [begun] What was tried already.
 */
export function registerDialog(project, { roots = [], blockers = [], done } = {}) {
  const box = openDialog("box", "Register folders");
  box.dialog.classList.add("asset-register");
  const field = (/** @type {string} */ id, /** @type {import("../dom.js").Properties} */ more) =>
    h("input", { class: "field mono", id: `register-${id}`, autocomplete: "off", spellcheck: "false", ...more });
  const paths = h("textarea", {
    class: "field mono", id: "register-paths", rows: String(Math.min(8, Math.max(3, roots.length))), spellcheck: "false", placeholder: "ui/button\naudio/theme",
    "aria-describedby": "register-paths-hint", value: roots.join("\n"),
  });
  const recursive = h("input", { type: "checkbox", "aria-describedby": "register-recursive-hint" });
  const asCopy = h("input", { type: "checkbox", "aria-describedby": "register-copy-hint", checked: blockers.some((one) => one.code === "uuid_taken") });
  const included = h("input", { type: "checkbox", checked: true, "aria-describedby": "register-included-hint" });
  const address = field("address", { placeholder: "from the path", "aria-describedby": "register-address-hint" });
  const importer = h("select", { class: "field", id: "register-importer" }, h("option", { value: "" }, "as it is, or auto"), IMPORTERS.map((name) => h("option", { value: name }, name)));
  const answer = h("div", { class: "stack", role: "alert" });
  const hint = h("p", { class: "hint", id: "register-address-hint" });

  const asked = () => {
    const listed = paths.value.split("\n").map((line) => line.trim().replace(/^\.?\/+/, "").replace(/\/+$/, "")).filter(Boolean);
    return {
      roots: listed,
      ...(recursive.checked ? { recursive: true } : {}),
      ...(asCopy.checked ? { as_copy: true } : {}),
      ...(included.checked ? {} : { included: false }),
      ...(address.value.trim() && !address.disabled ? { address: address.value.trim() } : {}),
      ...(importer.value ? { importer: importer.value } : {}),
    };
  };
  const look = () => {
    const { roots: listed } = asked();
    address.disabled = listed.length > 1 || recursive.checked;
    const trouble = address.disabled || !address.value.trim() ? null : addressTrouble(address.value.trim());
    address.setAttribute("aria-invalid", String(Boolean(trouble)));
    hint.className = trouble ? "error" : "hint";
    fill(hint, trouble ?? (address.disabled ? "Several folders take their addresses from their paths." : "Without one it is taken from the path."));
    const isReady = listed.length > 0 && !trouble;
    go.disabled = !isReady;
    plan.disabled = !isReady;
  };

  const registerThem = async () => {
    go.disabled = true;
    fill(answer);
    try {
      const response = await project.run("register_asset", asked());
      if (response.status === "ok") {
        box.close();
        sayRegistered(project, response);
        done?.(response);
      } else fill(answer, refusal(response));
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof SignedOut)) throw error;
      fill(answer, notice("bad", sentence(error.message)));
    } finally {
      look();
    }
  };
  const go = h("button", { class: "button primary", type: "submit", form: "register-form" }, icon("plus"), "Register");
  const plan = button("Look at the plan", {
    click: async () => {
      const response = await preview(project, "register_asset", asked(), "Register folders");
      if (response?.status !== "ok") return;
      box.close();
      done?.(response);
    },
  });
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (!go.disabled) registerThem();
  };
  const check = (/** @type {HTMLInputElement} */ input, /** @type {string} */ id, /** @type {string} */ label, /** @type {string} */ text) =>
    h("label", { class: "asset-check" }, input, h("span", null, h("span", { class: "asset-check-label" }, label), h("span", { class: "hint", id: `register-${id}-hint` }, text)));
  box.main.append(
    h(
      "form",
      { class: "stack asset-form", id: "register-form", on: { submit, input: look } },
      h(
        "div",
        null,
        h("label", { class: "label", for: "register-paths" }, "Folders"),
        paths,
        h("p", { class: "hint", id: "register-paths-hint" }, "One a line, relative to the assets folder. Each becomes one asset, with all that is in it; a manifest is written where there is none."),
      ),
      h(
        "div",
        { class: "asset-checks" },
        check(recursive, "recursive", "Every folder below that holds a manifest", "instead of each folder as one asset"),
        check(asCopy, "copy", "As copies", "a folder whose UUID is taken gets a UUID and an address of its own"),
        check(included, "included", "Include in the build", "otherwise they are registered, and stay out of the pack"),
      ),
      h(
        "div",
        { class: "asset-two" },
        h("div", null, h("label", { class: "label", for: "register-address" }, "Address"), address, hint),
        h("div", null, h("label", { class: "label", for: "register-importer" }, "Importer"), importer),
      ),
    ),
    answer,
  );
  if (blockers.length) fill(answer, refusal({ blockers, summary: "" }));
  box.foot.append(button("Cancel", { click: box.close }), plan, go);
  look();
  paths.focus();
}

/**
 * Says how it went, with a way back.
 *
 * @param {Project} project
 * @param {Response} response
 */
export function sayRegistered(project, response) {
  const { operation_id: operation, applied_actions: actions } = response;
  const undo = () => void preview(project, "revert", { operation_id: operation ?? "" }, "Undo what was done");
  sayOutcome(response, operation && actions.length ? { label: "Undo…", run: undo } : undefined);
}

/** @param {{ blockers: Blocker[], summary: string }} response */
function refusal({ blockers, summary }) {
  if (!blockers.length) return notice("bad", sentence(summary));
  const more = blockers.length - LISTED;
  return [
    h("p", { class: "soft" }, blockers.length === 1 ? "Nothing was done:" : `Nothing was done. ${count(blockers.length, "thing")} in the way:`),
    ...blockerList(blockers.slice(0, LISTED)),
    more > 0 ? h("p", { class: "faint" }, `and ${count(more, "more", "more")}`) : null,
  ];
}
