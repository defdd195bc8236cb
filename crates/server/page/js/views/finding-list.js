// @ts-check
// Findings by class and code: groups that open and close, and stay as they are when what they hold changes.

/** @import { Project } from "../project.js" */
/** @import { Diagnostic } from "../types.js" */
/** @import { Found, Group } from "./finding-groups.js" */
/** @import { Look } from "./finding-look.js" */

import { fill, h } from "../dom.js";
import { bytes, count, number, sentence } from "../format.js";
import { icon } from "../icons.js";
import { severityMark } from "../ui/pills.js";
import { button } from "../ui/places.js";
import { explain } from "./finding-explain.js";
import { keyed } from "./finding-keyed.js";
import { findingRow, fixLine, ticked } from "./finding-row.js";

/**
 * @typedef {object} FindingContext
 * @property {Project} project
 * @property {Look} look
 * @property {AbortSignal} until
 * @property {(which: { only?: string[], fingerprints?: string[] }, title: string) => void} fix
 * @property {(group: Group) => void} allow
 */

const FIRST = 50;
const MORE = 250;
/** So few findings are all open at first. */
const FEW_FINDINGS = 25;

/**
 * @param {FindingContext} context
 * @returns {{ element: HTMLElement, show: (groups: Group[], found: Found, isFiltered: boolean, empty: Record<Group["class"], Node | null>) => void, openAll: (isOpen: boolean) => void }}
 */
export function findingList(context) {
  const structural = section("structural", "Structural", "blocks builds");
  const hygiene = section("hygiene", "Hygiene", "only advice");
  let nGroups = 0;
  /** @type {Map<string, GroupElement>} */
  const elements = new Map();
  let isFew = true;
  let isFiltered = false;

  /** @param {Group} group */
  const isOpen = (group) => context.look.open.get(group.code) ?? (isFew || isFiltered || nGroups === 1 || group.class === "structural");
  /** @param {HTMLElement} host */
  const list = (host) =>
    keyed(host, {
      key: (/** @type {Group} */ group) => group.code,
      isSame: () => false,
      make(group) {
        const made = groupElement(context, group, isOpen);
        elements.set(group.code, made);
        return made.element;
      },
      change: (_, group) => elements.get(group.code)?.show(group),
    });
  const showStructural = list(structural.list);
  const showHygiene = list(hygiene.list);

  return {
    element: h("div", { class: "finding-classes" }, structural.element, hygiene.element),
    show(groups, found, filtered, empty) {
      isFew = found.total <= FEW_FINDINGS;
      isFiltered = filtered;
      nGroups = groups.length;
      const ofClass = (/** @type {Group["class"]} */ one) => groups.filter((group) => group.class === one);
      const some = { structural: ofClass("structural"), hygiene: ofClass("hygiene") };
      showStructural(some.structural);
      showHygiene(some.hygiene);
      structural.say(some.structural, filtered, filtered ? null : empty.structural);
      hygiene.say(some.hygiene, filtered, filtered ? null : empty.hygiene);
    },
    openAll(isOpen) {
      for (const [code, made] of elements) if (made.element.isConnected) (context.look.open.set(code, isOpen), made.turn(isOpen));
    },
  };
}

/**
 * @param {Group["class"]} name
 * @param {string} title
 * @param {string} means
 */
function section(name, title, means) {
  const total = h("span", { class: "count" });
  const list = h("div", { class: "finding-groups" });
  const instead = h("div", { class: "finding-instead" });
  const id = `class-${name}`;
  const element = h("section", { class: `finding-class ${name}`, "aria-labelledby": id, hidden: true }, h("header", { class: "row" }, h("h2", { id }, title), total, h("span", { class: "soft" }, means)), instead, list);
  return {
    element,
    list,
    /**
     * @param {Group[]} groups
     * @param {boolean} isFiltered
     * @param {Node | null} empty What stands there where nothing was found; null where the class is not shown then.
     */
    say(groups, isFiltered, empty) {
      element.hidden = groups.length === 0 && !empty;
      fill(instead, groups.length ? null : empty);
      fill(total, number(groups.reduce((sum, group) => sum + (isFiltered ? group.findings.length : group.total), 0)));
    },
  };
}

/** @typedef {{ element: HTMLElement, show: (group: Group) => void, turn: (isOpen: boolean) => void }} GroupElement */

/**
 * @param {FindingContext} context
 * @param {Group} first
 * @param {(group: Group) => boolean} isOpen
 * @returns {GroupElement}
 */
function groupElement(context, first, isOpen) {
  const id = `group-${first.code}`;
  let group = first;
  const mark = h("span", { class: "finding-group-mark" });
  const total = h("span", { class: "count" });
  const wasted = h("span", { class: "finding-wasted small" });
  const chevron = icon("chevron");
  chevron.classList.add("finding-turns");
  const turn = h("button", { class: "finding-disclosure", "aria-controls": id, on: { click: () => {
    const now = turn.getAttribute("aria-expanded") !== "true";
    context.look.open.set(group.code, now);
    turnTo(now);
  } } }, chevron, mark, h("code", { class: "finding-group-code" }, first.code), h("span", { class: "cut" }, sentence(first.name.replaceAll("-", " "))), total, wasted);
  const does = h("div", { class: "row finding-does" });
  const shared = h("div", { class: "finding-shared" });
  const rows = h("ul", { class: "finding-rows" });
  const foot = h("div", { class: "finding-group-foot" });
  const body = h("div", { class: "finding-group-body", id }, shared, rows, foot);
  const element = h("article", { class: "finding-group", data: { code: first.code } }, h("header", { class: "finding-group-head" }, h("h3", null, turn), does), body);
  const showRows = keyed(rows, {
    key: (/** @type {Diagnostic} */ one) => one.fingerprint,
    isSame: (a, b) => a === b || JSON.stringify(a) === JSON.stringify(b),
    make: (one) => findingRow(context, one, group.shared),
  });
  const forMost = h("span", { class: "faint", hidden: true }, " · said of most of these");
  let saidShared = "";
  let saidDoes = "";

  /** @param {boolean} now */
  const turnTo = (now) => {
    turn.setAttribute("aria-expanded", String(now));
    body.hidden = !now;
    if (now) drawBody();
  };
  const drawBody = () => {
    const { help, fix } = group.shared;
    const isForAll = group.findings.every((one) => one.help === undefined || one.help === help);
    const says = JSON.stringify([help, fix]);
    if (says !== saidShared) {
      // What is said once for all is not said in the rows: where that changes, they are others.
      if (saidShared) showRows([]);
      saidShared = says;
      fill(shared, help ? h("p", { class: "finding-advice soft break" }, icon("help"), h("span", null, ticked(sentence(help)), forMost)) : null, fix ? fixLine(fix) : null);
      shared.hidden = !help && !fix;
    }
    forMost.hidden = isForAll;
    const upTo = context.look.shown.get(group.code) ?? FIRST;
    showRows(group.findings.slice(0, upTo));
    const left = group.findings.length - upTo;
    const missing = group.total - group.findings.length;
    fill(
      foot,
      left > 0 ? button(`Show ${number(Math.min(left, MORE))} more`, { tone: "small", click: () => {
        context.look.shown.set(group.code, upTo + MORE);
        drawBody();
        const next = rows.children[upTo]?.querySelector("a, button");
        if (next instanceof HTMLElement) next.focus({ preventScroll: true });
      } }) : null,
      left > 0 ? h("span", { class: "faint small" }, `${number(upTo)} of ${number(group.findings.length)} shown`) : null,
      missing > 0 ? h("span", { class: "faint small" }, `${count(missing, "finding")} of this code ${missing === 1 ? "is" : "are"} on later pages`) : null,
    );
    foot.hidden = !foot.childNodes.length;
  };
  const drawHead = () => {
    fill(mark, severityMark(group.severity));
    fill(total, number(group.total));
    fill(wasted, group.wasted ? `${bytes(group.wasted)} wasted` : "");
    const says = `${group.safe} ${group.findings.length}`;
    if (says === saidDoes) return;
    saidDoes = says;
    fill(
      does,
      group.safe > 1 ? button(`Fix ${number(group.safe)}…`, { icon: "wrench", tone: "small", title: `Preview the safe fixes of ${group.code}`, click: () => context.fix({ only: [group.code] }, `Fix ${group.code} ${group.name}`) }) : null,
      group.class === "hygiene" ? button("Allow…", { tone: "small quiet", title: `Say in the settings that the findings of ${group.code} are meant to be`, click: () => context.allow(group) }) : null,
      button("Explain", { tone: "small quiet", title: `What ${group.code} means, and what to do`, click: () => explain(group.code, group.name) }),
    );
  };

  drawHead();
  turnTo(isOpen(group));
  return {
    element,
    turn: turnTo,
    show(now) {
      group = now;
      drawHead();
      turnTo(isOpen(group));
    },
  };
}
