// @ts-check
// One finding: what is wrong, where, what else belongs to it, and what can be done.

/** @import { Diagnostic, Fix, Related } from "../types.js" */
/** @import { FindingContext } from "./finding-list.js" */
/** @import { Group } from "./finding-groups.js" */

import { h } from "../dom.js";
import { bytes, count, number, sentence } from "../format.js";
import { icon } from "../icons.js";
import { link } from "../router.js";
import { toast } from "../ui/overlay.js";
import { severityMark } from "../ui/pills.js";
import { button } from "../ui/places.js";
import { ownOf, placeText, tickedParts } from "./finding-groups.js";
import { lineOf, mayHaveLine } from "./finding-line.js";

/** So many other places are shown without being asked for. */
const FEW = 3;

/**
 * @param {FindingContext} context
 * @param {Diagnostic} finding
 * @param {Group["shared"]} shared Said once for the group, and not again here.
 */
export function findingRow(context, finding, shared) {
  const { fix, related = [], severity, message, location } = finding;
  const isSafe = fix?.applicability === "safe";
  const own = ownOf(finding, shared);
  return h(
    "li",
    { class: "finding" },
    severityMark(severity),
    h(
      "div",
      { class: "finding-body" },
      h("p", { class: "finding-message break" }, ticked(sentence(message), location?.line === undefined ? location?.path : undefined)),
      where(context, finding),
      related.length ? others(finding, related) : null,
      own.help ? h("p", { class: "finding-advice soft break" }, icon("help"), h("span", null, ticked(sentence(own.help)))) : null,
      own.fix ? fixLine(own.fix) : null,
      isSafe ? h("p", { class: "finding-advice break" }, icon("wrench"), h("span", null, ticked(sentence(fix.title)), h("span", { class: "faint" }, " · safe"))) : null,
    ),
    isSafe ? button("Fix…", { icon: "wrench", tone: "small", title: `Preview: ${fix.title}`, click: () => context.fix({ only: [finding.code], fingerprints: [finding.fingerprint] }, sentence(fix.title)) }) : null,
  );
}

/** What a person would have to do, because no program should. @param {Fix} fix */
export function fixLine({ title, applicability }) {
  const why = applicability === "unsafe" ? "unsafe: do it yourself, if nobody meant it" : "for you to decide";
  return h("p", { class: "finding-advice break" }, icon(applicability === "unsafe" ? "alert" : "edit"), h("span", null, ticked(sentence(title)), h("span", { class: "faint" }, ` · ${why}`)));
}

/**
 * @param {FindingContext} context
 * @param {Diagnostic} finding
 */
function where(context, finding) {
  const { asset, location, wasted_bytes: wasted, message } = finding;
  const name = asset?.address ?? asset?.root;
  const isSaid = location !== null && location.line === undefined && message.includes(`\`${location.path}\``);
  if (isSaid && !asset && !wasted) return null;
  return h(
    "div",
    { class: "finding-where small" },
    asset ? h("a", { class: "finding-asset cut", href: link(context.project.id, "assets", { asset: asset.root }), title: `Show the asset ${asset.root}` }, icon("box"), name) : null,
    location && !isSaid ? place(placeText(location)) : null,
    wasted ? h("span", { class: "finding-wasted" }, `${bytes(wasted)} wasted`) : null,
    location && mayHaveLine(finding) ? lineButton(context, finding) : null,
  );
}

/** A place, to be taken to an editor. @param {string} text */
function place(text) {
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => toast("good", "Copied", { detail: text }),
      () => toast("warn", "This browser does not let the page copy", { detail: text }),
    );
  return h("button", { class: "finding-place", title: "Copy", on: { click: copy } }, h("code", { class: "break" }, text), icon("copy"));
}

/**
 * @param {FindingContext} context
 * @param {Diagnostic} finding
 */
function lineButton(context, finding) {
  const show = h("button", { class: "finding-more", "aria-expanded": "false", on: { click: async () => {
    const body = show.closest(".finding-body");
    const had = body?.querySelector(".finding-snippet, .finding-snippet-none");
    if (had) {
      had.remove();
      show.setAttribute("aria-expanded", "false");
      return;
    }
    show.disabled = true;
    const line = await lineOf(context.project, finding, context.until).catch(() => null);
    show.disabled = false;
    if (!show.isConnected) return;
    show.setAttribute("aria-expanded", "true");
    show.closest(".finding-where")?.after(line ?? h("p", { class: "finding-snippet-none faint small" }, "The page cannot get at what stands there; the place is as the doctor says."));
    show.focus();
  } } }, "Show what stands there");
  return show;
}

/**
 * @param {Diagnostic} finding
 * @param {Related[]} related
 */
function others(finding, related) {
  const total = finding.related_total ?? related.length;
  const list = h("ul", { class: "finding-others small" }, related.slice(0, FEW).map(otherPlace));
  const left = total - Math.min(FEW, related.length);
  if (left > 0) {
    const show = h("button", { class: "finding-more", on: { click: () => {
      const rest = related.slice(FEW).map(otherPlace);
      const beyond = total - related.length;
      show.parentElement?.replaceWith(...rest, ...(beyond > 0 ? [h("li", { class: "faint" }, `and ${number(beyond)} more, which the service does not list`)] : []));
      rest[0]?.querySelector("button")?.focus();
    } } }, `Show ${count(left, "more place")}`);
    list.append(h("li", null, show));
  }
  return list;
}

/** @param {Related} one */
const otherPlace = (one) => h("li", null, place(placeText(one)), h("span", { class: "faint" }, one.message));

/**
 * Text in which what stands between backticks is code, and the path of the place can be taken along.
 *
 * @param {string} text
 * @param {string} [path]
 */
export const ticked = (text, path) => tickedParts(text).map((part) => (!part.isCode ? part.text : part.text === path ? place(path) : h("code", null, part.text)));
