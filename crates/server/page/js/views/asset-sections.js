// @ts-check
// What the details are made of: findings, parts, files, history, the manifest. Each is drawn from what the service said.

/** @import { Project } from "../project.js" */
/** @import { Diagnostic, FileDetails, LastBuild, PartDetails, PastOperation } from "../types.js" */

import { fill, h } from "../dom.js";
import { bytes, count, number, percent, sentence, short, words } from "../format.js";
import { icon } from "../icons.js";
import { link } from "../router.js";
import { severityMark } from "../ui/pills.js";
import { button } from "../ui/places.js";
import { copyButton } from "./asset-actions.js";
import { metadataWords, reasonWords, within } from "./asset-rules.js";
import { operationLink, preview, when } from "./plan.js";

/** How many lines are shown at first. */
const LISTED = 40;

/**
 * Some lines, and the rest when they are asked for.
 *
 * @template T
 * @param {T[]} all
 * @param {(one: T) => HTMLElement} line
 * @param {string} names
 * @param {string} label
 */
function lines(all, line, names, label) {
  const list = h("ul", { class: names, "aria-label": label });
  const draw = (/** @type {number} */ upTo) =>
    fill(list, all.slice(0, upTo).map(line), all.length > upTo ? h("li", { class: "asset-more" }, button(`Show ${number(all.length - upTo)} more`, { tone: "small quiet", click: () => draw(upTo + 500) })) : null);
  draw(LISTED);
  return list;
}

/**
 * @param {Project} project
 * @param {Diagnostic[]} diagnostics
 */
export function diagnosticList(project, diagnostics) {
  return lines(diagnostics, (found) => finding(project, found), "asset-finding-list", "Findings");
}

/**
 * @param {Project} project
 * @param {Diagnostic} found
 */
function finding(project, { code, name, severity, message, location, help }) {
  const place = location ? [location.path, location.line, location.column].filter((one) => one !== undefined && one !== null).join(":") : null;
  return h(
    "li",
    { class: "asset-one-finding" },
    severityMark(severity),
    h(
      "div",
      { class: "grow stack" },
      h("div", { class: "break" }, sentence(message)),
      place ? h("div", { class: "row small asset-place" }, h("code", { class: "break" }, place, location?.pointer ? ` ${location.pointer}` : ""), copyButton(place, "the place")) : null,
      help ? h("div", { class: "soft small break" }, sentence(help)) : null,
      h("div", { class: "row small" }, h("a", { href: link(project.id, "diagnostics", { code }) }, code), h("span", { class: "faint" }, words(name).replaceAll("-", " "))),
    ),
  );
}

/**
 * Where the asset's pack bytes go.
 *
 * @param {Project} project
 * @param {PartDetails[]} parts
 * @param {LastBuild | null} built
 */
export function partList(project, parts, built) {
  if (!built || !parts.length) return h("p", { class: "soft" }, "Nothing of it is in a pack yet: the next build says what it makes of it.");
  const total = parts.reduce((sum, part) => sum + part.bytes, 0);
  const reasons = new Set(parts.map((part) => part.reason));
  const isOne = reasons.size === 1;
  const [only = ""] = reasons;
  const share = h("span", { class: "faint" });
  shareOfPack(project, built, total).then((text) => fill(share, text), () => {});
  return h(
    "div",
    { class: "stack" },
    h("div", { class: "row asset-baseline" }, h("strong", null, bytes(total)), h("span", { class: "soft" }, `in ${count(parts.length, "part")}`), share),
    isOne ? h("p", { class: "soft small" }, "Last made because ", reasonText(only)) : null,
    lines(parts, (part) => partLine(part, total, parts.length, !isOne), "asset-part-list", "Parts"),
  );
}

/**
 * @param {PartDetails} part
 * @param {number} total
 * @param {number} n
 * @param {boolean} saysWhy
 */
function partLine({ name, format, bytes: size, hash, metadata, reason }, total, n, saysWhy) {
  const share = total ? size / total : 0;
  return h(
    "li",
    null,
    h("div", { class: "row" }, h("span", { class: "cut grow", title: name }, name), h("span", { class: "asset-tag" }, format), h("span", { class: "asset-size" }, bytes(size)), copyButton(hash, `the hash of ${name}`)),
    n > 1 ? h("div", { class: "bar", title: `${percent(share)} of this asset's bytes in the pack` }, h("span", { style: { width: `${Math.max(share * 100, 0.5)}%` } })) : null,
    h("div", { class: "faint small break" }, metadataWords(metadata)),
    saysWhy ? h("div", { class: "soft small" }, "Last made because ", reasonText(reason)) : null,
  );
}

/** @param {string} reason */
function reasonText(reason) {
  const { text, what } = reasonWords(reason);
  return h("span", null, text, what ? [": ", h("code", { class: "break" }, what)] : null);
}

/** What the packs hold in all, by their hash, once it was asked. @type {Map<string, Promise<number | null>>} */
const packs = new Map();

/**
 * @param {Project} project
 * @param {LastBuild} built
 * @param {number} size
 */
async function shareOfPack(project, built, size) {
  if (!packs.has(built.pack)) packs.set(built.pack, packBytes(project));
  const all = await packs.get(built.pack);
  return all ? `${percent(size / all)} of the pack` : "";
}

/** @param {Project} project */
async function packBytes(project) {
  const { status, data } = await project.call("get_build_report", {});
  if (status !== "ok") return null;
  return data.last_build?.pack.bytes || null;
}

/**
 * @param {FileDetails[]} files
 * @param {string} root
 */
export function fileList(files, root) {
  if (!files.length) return h("p", { class: "soft" }, "No file of its folder is a source: the manifest's patterns meet none.");
  const line = (/** @type {FileDetails} */ { path, size, hash }) =>
    h(
      "li",
      { class: "row" },
      h("span", { class: "cut grow", title: path }, within(path, root)),
      h("span", { class: "asset-size" }, bytes(size)),
      hash === null ? h("span", { class: "asset-hash faint", title: "Not read yet: a build or a look at its pictures does" }, "–") : h("code", { class: "asset-hash faint", title: hash }, short(hash).slice(0, 8)),
      hash === null ? h("span", { class: "asset-no-copy" }) : copyButton(hash, `the hash of ${within(path, root)}`),
    );
  return lines(files, line, "asset-file-list", "Files");
}

/**
 * @param {Project} project
 * @param {PastOperation[]} history
 */
export function historyList(project, history) {
  if (!history.length) return h("p", { class: "soft" }, "Nothing was done to it yet that is remembered.");
  const line = (/** @type {PastOperation} */ { operation_id: operation, summary, at, irreversible, reverted_by: revertedBy, reverts }) => {
    const undo = h("button", { class: "button small quiet" }, icon("restore"), "Revert…");
    undo.addEventListener("click", () => void preview(project, "revert", { operation_id: operation }, "Undo what was done"));
    return h(
      "li",
      null,
      h("div", { class: "grow" }, h("div", { class: "break" }, sentence(summary)), h("div", { class: "row small faint" }, when(at), reverts ? "undid another" : null, operationLink(project, operation, "its events"))),
      irreversible ? h("span", { class: "faint small" }, "cannot be undone") : revertedBy ? h("span", { class: "faint small" }, "undone") : undo,
    );
  };
  return lines(history, line, "asset-history-list", "History");
}

/** @param {Record<string, any> | null} manifest */
export function manifestView(manifest) {
  if (manifest === null) return h("p", { class: "soft" }, "There is no manifest that reads.");
  const text = JSON.stringify(manifest, null, 2);
  return h("div", { class: "asset-manifest" }, copyButton(text, "the manifest"), h("pre", { tabindex: "0", role: "region", "aria-label": "The manifest's text" }, text));
}
