// @ts-check
// The preview sheet: what a mutation would do, consent, and applying exactly that.
//
// The plan is the service's. Where it has become stale the service says what changed, and the way on is a new preview.

/** @import { Project } from "../project.js" */
/** @import { Action, Blocker, Diagnostic, Nature, Plan, Response, ServiceName, RequestOf } from "../types.js" */

import { SignedOut, Unreachable } from "../api.js";
import { fill, h } from "../dom.js";
import { ago, bytes, count, number, sentence, words } from "../format.js";
import { icon } from "../icons.js";
import { link } from "../router.js";
import { openDialog, toast } from "../ui/overlay.js";
import { classPill, naturePill } from "../ui/pills.js";
import { blockerList, button, notice, sayOutcome } from "../ui/places.js";

/** How many actions of one nature are listed at first. */
const LISTED = 50;

/**
 * Previews a mutation in the sheet; there a person applies it, or not. Resolves with the answer of the apply, or null.
 *
 * @template {ServiceName} S
 * @param {Project} project
 * @param {S} service
 * @param {RequestOf<S>} request Without mode.
 * @param {string} title What is about to be done, in a few words.
 * @returns {Promise<Response | null>}
 */
export function preview(project, service, request, title) {
  return new Promise((resolve) => {
    /** @type {Response | null} */
    let applied = null;
    const sheet = openDialog("sheet", title, { onClose: () => resolve(applied) });
    sheet.dialog.classList.add("plan-sheet");

    const look = async () => {
      fill(sheet.main, h("p", { class: "soft", role: "status" }, "Making the plan…"), h("div", { class: "bar unknown" }, h("span", null)));
      fill(sheet.foot, button("Close", { click: sheet.close }));
      const response = await answered(() => project.call(service, /** @type {any} */ ({ ...request, mode: "preview" })), refuse);
      if (!response) return;
      if (response.status === "preview") show(response, response.data.plan);
      else refuse(response);
    };

    /**
     * Nothing can be applied: why, and what would lift it.
     *
     * @param {{ blockers: Blocker[], summary: string, diagnostics?: Diagnostic[], proposed_actions?: Action[] }} response
     */
    const refuse = (response) => {
      const { blockers, summary, diagnostics = [], proposed_actions = [] } = response;
      fill(
        sheet.main,
        h("div", { class: "stack", role: "alert" }, h("h3", null, "This cannot be done now"), blockers.length ? blockerList(blockers) : notice("bad", sentence(summary))),
        diagnostics.length ? findings("What stands in the way", diagnostics) : null,
        proposed_actions.length ? section("What it would have done", proposed_actions.length, actionList(proposed_actions)) : null,
      );
      fill(sheet.foot, button("Close", { click: sheet.close }), button("Look again", { icon: "refresh", tone: "primary", click: look }));
      sheet.foot.querySelector("button")?.focus();
    };

    /**
     * @param {Response} response
     * @param {Plan} plan
     */
    const show = (response, plan) => {
      const consent = consentOf(plan);
      const { apply, agreed, question } = applyButton(plan);
      apply.addEventListener("click", async () => {
        if (!agreed()) return;
        apply.disabled = true;
        const done = await answered(() => project.run(service, /** @type {any} */ ({ plan_id: plan.plan_id, consent })), refuse);
        if (!done) return;
        if (done.status === "ok") {
          applied = done;
          sheet.close();
          said(project, done);
        } else if (done.blockers.some((blocker) => blocker.code.startsWith("plan_"))) stale(done);
        else refuse(done);
      });
      fill(sheet.main, planBody(response, plan), question);
      fill(sheet.foot, h("span", { class: "grow faint small" }, `Can be applied until ${new Date(plan.expires_at).toLocaleTimeString("en-GB")}`), button("Cancel", { click: sheet.close }), apply);
      if (!question) apply.focus();
      else question.querySelector("input")?.focus();
    };

    /** What the plan relied on is another now. @param {Response} response */
    const stale = (response) => {
      const isStale = response.blockers.some((blocker) => blocker.code === "plan_stale");
      fill(
        sheet.main,
        h(
          "div",
          { class: "stack", role: "alert" },
          h("h3", null, isStale ? "The workspace changed since this plan was made" : "This plan can no longer be applied"),
          h("p", { class: "soft" }, "Nothing was done. What it relied on:"),
          blockerList(response.blockers),
        ),
      );
      const again = button("Make a new plan", { icon: "refresh", tone: "primary", click: look });
      fill(sheet.foot, button("Close", { click: sheet.close }), again);
      again.focus();
    };

    look();
  });
}

/**
 * Applies a mutation that needs no consent, and says how it went, with a way back.
 *
 * @template {ServiceName} S
 * @param {Project} project
 * @param {S} service
 * @param {RequestOf<S>} request
 * @returns {Promise<Response | null>}
 */
export async function applyNow(project, service, request) {
  const response = await answered(() => project.run(service, request), (refused) => sayOutcome(/** @type {any} */ ({ status: "failed", ...refused })));
  if (response) said(project, response);
  return response;
}

/**
 * @param {Project} project
 * @param {Response} response
 */
function said(project, response) {
  const { operation_id: operation, applied_actions: actions } = response;
  const canUndo = operation && actions.length && !actions.some((action) => action.nature === "destructive");
  sayOutcome(response, canUndo ? { label: "Undo…", run: () => preview(project, "revert", { operation_id: operation }, "Undo what was done") } : undefined);
}

/**
 * @template T
 * @param {() => Promise<T>} ask
 * @param {(refused: { blockers: Blocker[], summary: string }) => void} refuse
 * @returns {Promise<T | null>}
 */
async function answered(ask, refuse) {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Unreachable || error instanceof SignedOut)) throw error;
    refuse({ blockers: [], summary: `${error.message}; whether it was done, the history says when it is back` });
    return null;
  }
}

/** @param {Plan} plan */
const consentOf = (plan) => plan.consent_required;

/**
 * The button that applies the plan. What destroys bytes for good asks for a word first.
 *
 * @param {Plan} plan
 */
function applyButton(plan) {
  const destructive = plan.consent_required.includes("destructive");
  const relocational = plan.consent_required.includes("relocational");
  const label = destructive ? "Delete for good" : relocational ? "Move the files" : "Apply";
  const apply = h("button", { class: `button ${destructive ? "danger" : "primary"}` }, icon(destructive ? "trash" : "check"), label);
  if (!destructive) return { apply, agreed: () => true, question: null };
  const lost = plan.actions.filter((action) => action.nature === "destructive");
  const word = wordFor(plan, plan.actions_total ?? lost.length);
  const input = h("input", { class: "field mono", id: "consent-word", autocomplete: "off", spellcheck: "false", "aria-describedby": "consent-hint" });
  const agreed = () => input.value.trim() === word;
  const look = () => {
    apply.disabled = !agreed();
  };
  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => event.key === "Enter" && agreed() && apply.click());
  look();
  const question = h(
    "div",
    { class: "consent" },
    h("label", { class: "label", for: "consent-word" }, "To agree, type ", h("code", null, word)),
    input,
    h("p", { class: "hint", id: "consent-hint" }, "What is deleted cannot be brought back."),
  );
  return { apply, agreed, question };
}

/**
 * @param {Plan} plan
 * @param {number} n
 */
function wordFor(plan, n) {
  const [only] = plan.outcome.addresses_removed;
  return n === 1 && plan.outcome.addresses_removed.length === 1 && only ? only : String(n);
}

/**
 * @param {Response} response
 * @param {Plan} plan
 */
function planBody(response, plan) {
  /** @type {Nature[]} */
  const order = ["destructive", "relocational", "edit", "additive"];
  const groups = order.map((nature) => {
    const some = plan.actions.filter((action) => action.nature === nature);
    return some.length ? h("section", { class: `actions ${nature}` }, h("header", { class: "row" }, naturePill(nature), h("span", { class: "soft" }, NATURE_SAYS[nature]), h("span", { class: "grow" }), h("span", { class: "count" }, number(some.length))), actionList(some)) : null;
  });
  return h(
    "div",
    { class: "plan stack" },
    h("div", { class: "row wrap" }, response.operation_class ? classPill(response.operation_class) : null, h("span", { class: "soft" }, sentence(response.summary))),
    outcomeBox(plan),
    plan.actions.length ? groups : notice("info", "There is nothing to do: everything is as this asks for."),
    plan.actions_total ? notice("info", `The plan has ${number(plan.actions_total)} actions; the first ${number(plan.actions.length)} are listed.`) : null,
    h("details", { class: "relied" }, h("summary", null, `Relies on ${count(plan.relied_on_total ?? plan.relied_on.length, "fact")}`), h("p", { class: "hint" }, "Where one of these changes before it is applied, nothing is done."), h("ul", { class: "mono small" }, plan.relied_on.slice(0, 200).map(reliedOn))),
  );
}

/** @type {Record<Nature, string>} */
const NATURE_SAYS = {
  destructive: "bytes are lost for good",
  relocational: "files move, and can come back",
  edit: "bytes are replaced, and the old ones kept",
  additive: "something new; nothing that is there changes",
};

/** What it means for who uses the pack. @param {Plan} plan */
function outcomeBox(plan) {
  const { addresses_removed: removed, addresses_added: added, pack_parts_removed: parts, diagnostics_appearing: appearing, diagnostics_clearing: clearing } = plan.outcome;
  const totals = /** @type {{ addresses_removed_total?: number, addresses_added_total?: number }} */ (plan.outcome);
  const lines = [
    removed.length ? addressLine("removed", "Addresses that vanish", removed, totals.addresses_removed_total) : null,
    added.length ? addressLine("added", "Addresses that appear", added, totals.addresses_added_total) : null,
    parts ? h("div", { class: "row" }, icon("box"), `${count(parts, "part")} leave the next pack`) : null,
    appearing.length ? findings("Findings that would appear", appearing) : null,
    clearing.length ? h("div", { class: "row" }, icon("check"), `${count(clearing.length, "finding")} would be settled: ${[...new Set(clearing.map((one) => one.code))].join(", ")}`) : null,
  ].filter(Boolean);
  if (!lines.length) return notice("good", "Addresses and the pack stay as they are, and no structural finding comes or goes.");
  return h("div", { class: "outcome stack" }, h("h3", null, "What changes"), lines);
}

/**
 * @param {"removed" | "added"} sign
 * @param {string} label
 * @param {string[]} addresses
 * @param {number} [total] How many there are, where the list was cut.
 */
function addressLine(sign, label, addresses, total = addresses.length) {
  const shown = addresses.slice(0, LISTED);
  return h(
    "div",
    { class: `addresses ${sign}` },
    h("div", { class: "soft" }, `${label} (${number(total)})`),
    h("ul", null, shown.map((address) => h("li", null, h("code", null, `${sign === "removed" ? "−" : "+"} ${address}`))), total > shown.length ? h("li", { class: "faint" }, `and ${number(total - shown.length)} more`) : null),
  );
}

/**
 * @param {string} title
 * @param {Diagnostic[]} some
 */
function findings(title, some) {
  return h("div", { class: "stack" }, h("div", { class: "soft" }, title), h("ul", { class: "stack" }, some.slice(0, LISTED).map((one) => h("li", { class: "break" }, h("code", null, one.code), " ", sentence(one.message)))));
}

/**
 * @param {string} title
 * @param {number} n
 * @param {HTMLElement} content
 */
const section = (title, n, content) => h("section", { class: "stack" }, h("div", { class: "row" }, h("h3", null, title), h("span", { class: "count" }, number(n))), content);

/**
 * A list of actions, each in a sentence and what it changes.
 *
 * @param {Action[]} actions
 */
export function actionList(actions) {
  const list = h("ol", { class: "action-list" });
  const draw = (/** @type {number} */ upTo) =>
    fill(
      list,
      actions.slice(0, upTo).map((action) => h("li", null, h("div", { class: "break" }, actionText(action)), actionChange(action))),
      actions.length > upTo ? h("li", null, button(`Show ${number(actions.length - upTo)} more`, { tone: "small quiet", click: () => draw(upTo + 500) })) : null,
    );
  draw(LISTED);
  return list;
}

/**
 * One action in a sentence; paths stand as they are.
 *
 * @param {Action} action
 * @returns {(HTMLElement | string)[]}
 */
export function actionText(action) {
  const path = (/** @type {unknown} */ text) => h("code", null, String(text));
  const size = action.bytes === undefined ? "" : ` (${action.files === undefined ? "" : `${count(action.files, "file")}, `}${bytes(action.bytes)})`;
  const entry = /** @type {any} */ (action.after ?? action.before);
  switch (action.kind) {
    case "move_root":
      return ["Move ", path(action.from), " to ", path(action.to), size];
    case "delete_root":
      return ["Delete the folder ", path(action.path), size];
    case "registry_add":
      return ["Register ", path(entry?.root)];
    case "registry_update":
      return ["Change the registry's entry of ", path(entry?.root)];
    case "registry_remove":
      return ["Take ", path(entry?.root), " out of the registry"];
    default: {
      const what = action.path ?? action.from ?? action.to;
      return what === undefined ? [sentence(words(action.kind)), size] : [`${sentence(words(action.kind))} `, path(what), size];
    }
  }
}

/** Before and after, where an action has both. @param {Action} action */
function actionChange(action) {
  const { before, after } = /** @type {{ before?: any, after?: any }} */ (action);
  if (action.kind === "append_lines" && Array.isArray(action.lines)) return h("pre", { class: "change small" }, action.lines.map((line) => `+ ${line}`).join("\n"));
  if (!before || !after || typeof before !== "object" || typeof after !== "object") return null;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  if (!names.length) return null;
  return h("dl", { class: "pairs small change" }, names.flatMap((name) => [h("dt", null, name), h("dd", null, h("del", null, shown(before[name])), " → ", h("ins", null, shown(after[name])))]));
}

/** @param {unknown} value */
const shown = (value) => (value === undefined || value === null ? "(default)" : typeof value === "string" ? value : JSON.stringify(value));

/** @param {Plan["relied_on"][number]} fact */
function reliedOn(fact) {
  if (fact.path !== undefined) return h("li", { class: "break" }, fact.digest === null ? `${fact.path} is not there` : fact.path);
  if (fact.registry_entry !== undefined) return h("li", null, `registry entry ${fact.registry_entry}`);
  if (fact.address_free !== undefined) return h("li", null, `${fact.address_free} is free`);
  return h("li", { class: "break" }, JSON.stringify(fact));
}

/**
 * A link to an operation's events.
 *
 * @param {Project} project
 * @param {string} operation
 * @param {string} text
 */
export const operationLink = (project, operation, text) => h("a", { href: link(project.id, "activity", { operation }) }, text);

/** @param {string} at */
export const when = (at) => h("time", { datetime: at, title: new Date(at).toLocaleString("en-GB") }, ago(at));

/** Says that something did not come to an answer. @param {unknown} error */
export function sayError(error) {
  toast("bad", error instanceof Error ? sentence(error.message) : "Something went wrong");
}
