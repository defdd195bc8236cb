// @ts-check
// The parts of the build report beside the map: what came out, what changed, what is big, twice there, slow, and why it was
// made again.

/** @import { Project } from "../project.js" */
/** @import { Report, Built, ChangeGroup, Changes, Duplicate } from "./report-data.js" */
/** @import { Child } from "../dom.js" */
/** @import { IconName } from "../icons.js" */

import { h } from "../dom.js";
import { ago, bytes, bytesChange, count, duration, exact, number, percent, sentence, short, words } from "../format.js";
import { icon } from "../icons.js";
import { link } from "../router.js";
import { button } from "../ui/places.js";
import { copyText } from "./operation-detail.js";
import { folded } from "./operation-events.js";

/**
 * A card with a title; `beside` stands at its right end.
 *
 * @param {string} id
 * @param {string} title
 * @param {Child} beside
 * @param {...(Child | Child[])} content
 */
function card(id, title, beside, ...content) {
  return h("section", { class: `card report-card ${id}`, "aria-labelledby": `${id}-title` }, h("header", null, h("h2", { id: `${id}-title`, class: "grow" }, title), beside), h("div", { class: "body" }, ...content));
}

/** @param {string} text */
const aside = (text) => h("span", { class: "faint small" }, text);

/** @param {string} text @param {IconName} [mark] */
const nothing = (text, mark = "check") => h("p", { class: "report-nothing soft" }, icon(mark), text);

/**
 * An asset, as a link where it is known where it lies.
 *
 * @param {Project} project
 * @param {string} address
 * @param {string | null} root
 */
const asset = (project, address, root) =>
  root === null ? h("span", { class: "cut", title: address }, address) : h("a", { class: "cut", href: link(project.id, "assets", { asset: root }), title: address }, address);

/**
 * The figures of the pack.
 *
 * @param {Built} built
 * @param {Changes | null} changes
 */
export function headline({ pack, hits, misses, ms }, changes) {
  const all = hits + misses;
  const rate = all ? hits / all : null;
  /** @param {string} name @param {string} value @param {Child} under @param {string} [title] */
  const figure = (name, value, under, title) => h("div", { class: "figure", title }, h("dt", null, name), h("dd", null, h("span", { class: "figure-value" }, value), h("span", { class: "figure-under small soft" }, under)));
  const delta = changes ? h("span", { class: changes.delta > 0 ? "more" : changes.delta < 0 ? "less" : "" }, `${bytesChange(changes.delta)} against the build before`) : "nothing to compare with";
  return h(
    "section",
    { class: "card headline", "aria-label": "What came out" },
    h(
      "dl",
      { class: "figures" },
      figure("Pack", bytes(pack.bytes), delta, `${number(pack.bytes)} bytes`),
      figure("Assets", number(pack.assets), count(pack.parts, "part")),
      figure("Took", duration(ms), misses ? `${count(misses, "import")} made` : "nothing was made"),
      h(
        "div",
        { class: "figure rate" },
        h("dt", null, "From the cache"),
        h("dd", null, h("span", { class: "figure-value" }, rate === null ? "nothing asked" : percent(rate)), h("span", { class: "figure-under small soft" }, `${count(hits, "hit")}, ${count(misses, "miss", "misses")}`)),
        h("div", { class: "bar", "aria-hidden": "true" }, h("span", { style: { width: `${(rate ?? 0) * 100}%` } })),
      ),
    ),
    h(
      "div",
      { class: "pack-line" },
      icon("box"),
      h("code", { class: "pack-path cut", title: pack.path }, pack.path),
      h("code", { class: "pack-hash cut faint", title: pack.hash }, pack.hash),
      button("Copy the hash", { icon: "copy", tone: "quiet small", click: () => copyText(pack.hash) }),
    ),
  );
}

/**
 * When it was, and by which operation.
 *
 * @param {Project} project
 * @param {Built} built
 * @returns {Child[]}
 */
export const whenWords = (project, { at, operation, outcome }) => [
  outcome === "equal" ? "Built both ways and found equal " : "Built ",
  h("time", { datetime: at, title: exact(at) }, ago(at)),
  `, ${exact(at)} · `,
  h("a", { href: link(project.id, "activity", { operation }) }, "its events"),
];

/**
 * What is another than in the build before.
 *
 * @param {Project} project
 * @param {Changes | null} changes
 */
export function changeCard(project, changes) {
  const id = "changes";
  const title = "Against the build before";
  if (!changes) return card(id, title, null, nothing("Nothing is known of a pack before this one.", "info"));
  const { added, removed, changed, delta, since } = changes;
  const beside = h("span", { class: "faint small", title: exact(since) }, `${bytesChange(delta)}; that one was built ${ago(since)}`);
  if (!added.total && !removed.total && !changed.total) return card(id, title, beside, nothing("The pack holds the same as before."));
  const largest = Math.max(1, ...[added, removed, changed].flatMap((one) => one.assets).map((one) => Math.abs(one.delta)));
  /** @param {string} name @param {string} names @param {ChangeGroup} all */
  const group = (name, names, all) => {
    if (!all.total) return null;
    const items = all.assets.map((one) => h("li", { class: "change-row" }, asset(project, one.address, one.root), deltaBar(one.delta, largest), h("span", { class: `number ${one.delta > 0 ? "more" : one.delta < 0 ? "less" : "faint"}` }, bytesChange(one.delta))));
    return h("div", { class: `change-group ${names}` }, h("h3", null, name, h("span", { class: "count" }, number(all.total)), h("span", { class: "faint small change-sum" }, bytesChange(all.delta))), folded(items, all.total, "change-list", (n) => `${number(n)} more`));
  };
  return card(id, title, beside, group("Added", "added", added), group("Removed", "removed", removed), group("Changed", "changed", changed));
}

/**
 * Less goes to the left, more to the right.
 *
 * @param {number} delta
 * @param {number} largest
 */
function deltaBar(delta, largest) {
  const width = `${Math.max(delta ? 1 : 0, (Math.abs(delta) / largest) * 50)}%`;
  return h("span", { class: `delta-bar ${delta > 0 ? "more" : "less"}`, "aria-hidden": "true" }, h("span", { style: { width } }));
}

/**
 * Rows with a bar each.
 *
 * @param {{ name: Child | Child[], under: Child, value: string, part: number }[]} rows
 */
function bars(rows) {
  return rows.map(({ name, under, value, part }) =>
    h("li", { class: "bar-row" }, h("div", { class: "bar-name" }, name), h("span", { class: "number bar-value" }, value), h("div", { class: "bar", "aria-hidden": "true" }, h("span", { style: { width: `${part * 100}%` } })), under ? h("div", { class: "bar-under small faint cut" }, under) : null),
  );
}

/**
 * @param {Project} project
 * @param {Report} report
 */
export function biggestCard(project, { biggest, stored }) {
  const most = biggest[0]?.stored ?? 1;
  const rows = bars(biggest.map((one) => ({
    name: asset(project, one.address, one.root),
    under: [one.name, one.format, one.stored !== one.bytes ? `${bytes(one.bytes)} before compression` : ""].filter(Boolean).join(" · "),
    value: bytes(one.stored), part: one.stored / most,
  })));
  const sum = biggest.reduce((n, one) => n + one.stored, 0);
  return card("biggest", "Biggest parts", rows.length ? aside(`${percent(sum / Math.max(1, stored))} of the pack`) : null, rows.length ? folded(rows, rows.length, "bar-list", (n) => count(n, "more part")) : nothing("The pack holds nothing.", "info"));
}

/**
 * @param {Project} project
 * @param {Report} report
 */
export function duplicateCard(project, { duplicates, duplicatesTotal, wasted }) {
  const items = duplicates.map((one) => duplicate(project, one));
  return card("duplicates", "The same bytes more than once", items.length ? aside(`${bytes(wasted)} wasted`) : null, items.length ? folded(items, duplicatesTotal, "duplicate-all", (n) => `${number(n)} more`) : nothing("No part is in the pack twice."));
}

/**
 * @param {Project} project
 * @param {Duplicate} one
 */
function duplicate(project, { wasted, n, bytes: size, hash, assets }) {
  return h(
    "li",
    { class: "duplicate" },
    h("div", { class: "row spread" }, h("span", null, h("strong", null, bytes(wasted)), h("span", { class: "soft" }, ` wasted: ${number(n)} times ${bytes(size)}`)), h("code", { class: "faint", title: hash }, short(hash))),
    folded(assets.map((one) => h("li", { class: "duplicate-asset" }, asset(project, one.address, one.root))), assets.length, "duplicate-list small", (more) => `${number(more)} more`),
  );
}

/** @param {Built} built */
export function reasonCard({ reasons, misses, hits }) {
  const grouped = groupReasons(reasons);
  const most = grouped[0]?.n ?? 1;
  const rows = bars(grouped.map(({ reason, n, examples }) => ({ name: h("span", { class: "cut" }, sentence(words(reason))), under: examples.length ? examples.join(", ") : "", value: number(n), part: n / most })));
  const none = hits ? nothing("Nothing was made again: every part was as a build before had made it.") : nothing("Nothing was imported.", "info");
  return card("reasons", "Why parts were made", rows.length ? aside(count(misses, "part")) : null, rows.length ? h("ul", { class: "bar-list" }, rows) : none);
}

/**
 * `source_changed: a.png` and `source_changed: b.png` are one reason with two examples.
 *
 * @param {[string, number][]} reasons
 */
export function groupReasons(reasons) {
  /** @type {Map<string, { reason: string, n: number, examples: string[] }>} */
  const all = new Map();
  for (const [text, n] of reasons) {
    const [reason = text, example] = text.split(/:\s+/, 2);
    const one = all.get(reason) ?? { reason, n: 0, examples: [] };
    one.n += n;
    if (example && one.examples.length < 4) one.examples.push(example);
    all.set(reason, one);
  }
  return [...all.values()].sort((a, b) => b.n - a.n);
}

/**
 * @param {Project} project
 * @param {Report} report
 */
export function slowCard(project, { slowest, built }) {
  const most = Math.max(0.001, ...slowest.map((one) => one.ms));
  const rows = bars(slowest.map((one) => ({
    name: [asset(project, one.address, one.root), h("span", { class: "soft cut bar-source" }, one.source)],
    under: `${one.importer} · ${words(one.reason)}`, value: one.ms < 10 ? `${one.ms.toFixed(one.ms < 1 ? 2 : 1)} ms` : duration(one.ms), part: one.ms / most,
  })));
  return card("slowest", "Slowest imports", rows.length && built ? aside(`the build took ${duration(built.ms)}`) : null, rows.length ? folded(rows, rows.length, "bar-list", (n) => count(n, "more import")) : nothing("Nothing had to be imported."));
}
