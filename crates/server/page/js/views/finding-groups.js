// @ts-check
// What a doctor found, put in order: by class and code, pages put together, and what the whole of it comes to.
//
// Nothing here is found out by the page: codes, classes, severities and counts are the service's.

/** @import { Diagnostic, DoctorData, Fix, PackerEvent, Response, Severity } from "../types.js" */
/** @import { Operation } from "../project.js" */

/**
 * All that one look found, as far as its pages are here.
 *
 * @typedef {object} Found
 * @property {Diagnostic[]} findings
 * @property {number} total How many there are, those that are on later pages too.
 * @property {string | null} next Where the next page begins.
 * @property {DoctorData} data Of the first page.
 * @property {string} summary
 * @property {number | null} revision
 */

/**
 * @typedef {object} Group
 * @property {string} code
 * @property {string} name
 * @property {"structural" | "hygiene"} class
 * @property {Severity} severity The worst of it.
 * @property {number} total How many the service counts, those not here yet too.
 * @property {Diagnostic[]} findings
 * @property {number} wasted Bytes.
 * @property {number} safe How many can safely be fixed.
 * @property {{ help: string | null, fix: Fix | null }} shared What most of several findings say alike.
 */

/** @type {Severity[]} */
export const SEVERITIES = ["error", "warning", "info"];

/**
 * @param {Response<DoctorData>} response
 * @returns {Found}
 */
export function firstPage(response) {
  const { diagnostics: findings, data, summary, revision } = response;
  return { findings, total: data.diagnostics_total ?? findings.length, next: data.next_cursor, data, summary, revision };
}

/**
 * With one more page of the same look.
 *
 * @param {Found} found
 * @param {Response<DoctorData>} response
 * @returns {Found}
 */
export function withPage(found, response) {
  const findings = [...found.findings, ...response.diagnostics];
  return { ...found, findings, total: Math.max(found.total, findings.length), next: response.data.next_cursor };
}

/**
 * The findings by code: of what is worst first, and of one severity by code.
 *
 * @param {Found} found
 * @param {{ code?: string | null, text?: string }} [wanted]
 * @returns {Group[]}
 */
export function groupsOf(found, { code = null, text = "" } = {}) {
  /** @type {Map<string, Diagnostic[]>} */
  const byCode = new Map();
  const words = wordsOf(text);
  for (const one of found.findings) {
    if (code && one.code !== code) continue;
    if (words.length && !isAbout(one, words)) continue;
    const some = byCode.get(one.code);
    if (some) some.push(one);
    else byCode.set(one.code, [one]);
  }
  const groups = [...byCode.values()].map((some) => groupOf(some, words.length ? some.length : (found.data.counts[some[0]?.code ?? ""] ?? some.length)));
  return groups.sort((a, b) => rank(a.severity) - rank(b.severity) || (a.code < b.code ? -1 : 1));
}

/**
 * @param {Diagnostic[]} findings Of one code, at least one.
 * @param {number} total
 * @returns {Group}
 */
function groupOf(findings, total) {
  const [first] = /** @type {[Diagnostic, ...Diagnostic[]]} */ (findings);
  const severity = findings.reduce((worst, one) => (rank(one.severity) < rank(worst) ? one.severity : worst), first.severity);
  const wasted = findings.reduce((sum, one) => sum + (one.wasted_bytes ?? 0), 0);
  return {
    code: first.code,
    name: first.name,
    class: first.class,
    severity,
    total: Math.max(total, findings.length),
    findings: wasted ? [...findings].sort((a, b) => (b.wasted_bytes ?? 0) - (a.wasted_bytes ?? 0)) : findings,
    wasted,
    safe: safeOf(findings).length,
    shared: sharedOf(findings),
  };
}

/** @param {Severity} severity */
const rank = (severity) => SEVERITIES.indexOf(severity);

/**
 * Those that can be fixed without a person's judgement.
 *
 * @param {Diagnostic[]} findings
 */
export const safeOf = (findings) => findings.filter((one) => one.fix?.applicability === "safe");

/**
 * What most of them say alike, so that it is read once; those that say something else say that.
 *
 * @param {Diagnostic[]} findings
 */
function sharedOf(findings) {
  // A safe fix has a button of its own beside each finding.
  const fixes = findings.map((one) => (one.fix && one.fix.applicability !== "safe" ? one.fix : null));
  return { help: mostOf(findings.map((one) => one.help ?? null), (help) => help), fix: mostOf(fixes, fixKey) };
}

/** @param {Fix} fix */
const fixKey = ({ title, applicability }) => `${applicability} ${title}`;

/**
 * @template T
 * @param {(T | null)[]} all
 * @param {(one: T) => string} key
 * @returns {T | null} What more than half of several are; null where there is none.
 */
function mostOf(all, key) {
  /** @type {Map<string, { one: T, n: number }>} */
  const counts = new Map();
  for (const one of all) {
    if (one === null) continue;
    const known = counts.get(key(one)) ?? { one, n: 0 };
    known.n += 1;
    counts.set(key(one), known);
  }
  const [most] = [...counts.values()].sort((a, b) => b.n - a.n);
  return most && most.n > 1 && most.n * 2 > all.length ? most.one : null;
}

/**
 * What a finding says beside what its group says for most.
 *
 * @param {Diagnostic} finding
 * @param {Group["shared"]} shared
 * @returns {Group["shared"]}
 */
export function ownOf({ help, fix }, shared) {
  const isSafe = fix?.applicability === "safe";
  return { help: help && help !== shared.help ? help : null, fix: fix && !isSafe && !(shared.fix && fixKey(fix) === fixKey(shared.fix)) ? fix : null };
}

/** @param {string} text */
const wordsOf = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

/**
 * Whether every word is somewhere in a finding.
 *
 * @param {Diagnostic} one
 * @param {string[]} words In lower case.
 */
function isAbout(one, words) {
  const places = [one.location, ...(one.related ?? [])].map((place) => place?.path ?? "");
  const all = [one.code, one.name, one.message, one.asset?.address ?? "", one.asset?.root ?? "", ...places].join("\n").toLowerCase();
  return words.every((word) => all.includes(word));
}

/**
 * How many there are of each severity. All findings of a code have one level, so the counts hold for pages that are not
 * here yet; codes that no finding is here of are `unknown`.
 *
 * @param {Found} found
 * @returns {Record<Severity | "unknown", number>}
 */
export function severityCounts(found) {
  /** @type {Map<string, Severity>} */
  const level = new Map(found.findings.map((one) => [one.code, one.severity]));
  const counts = { error: 0, warning: 0, info: 0, unknown: 0 };
  for (const [code, n] of Object.entries(found.data.counts)) counts[level.get(code) ?? (code.startsWith("S") ? "error" : "unknown")] += n;
  return counts;
}

/**
 * How a look ended, as a tone: what could not be checked is neither good nor bad.
 *
 * @param {Found} found
 * @returns {"good" | "warn" | "bad"}
 */
export function toneOf(found) {
  const counts = severityCounts(found);
  if (counts.error) return "bad";
  return found.data.failed.length || counts.warning || counts.unknown ? "warn" : "good";
}

/**
 * Whether something came, beside what is seen, that may change what a doctor finds. A doctor says at its end that findings
 * were updated, which is no reason for another look; nor is a reconcile that was published before it looked.
 *
 * @param {Operation[]} operations
 * @param {WeakSet<PackerEvent>} seen
 * @param {number | null} revision That the last look was at.
 */
export function isNews(operations, seen, revision) {
  const isOf = (/** @type {Operation} */ one, /** @type {PackerEvent} */ event) =>
    MATTERS.has(event.kind) && !seen.has(event) && (one.service !== "reconcile" || revision === null || (event.revision ?? 0) > revision);
  return operations.some((one) => one.service !== "doctor" && one.events.some((event) => isOf(one, event)));
}

const MATTERS = new Set(["action_applied", "asset_changed", "asset_discovered", "asset_removed", "diagnostics_updated", "reconcile_finished"]);

/**
 * A text in which what stands between backticks is code.
 *
 * @param {string} text
 * @returns {{ text: string, isCode: boolean }[]}
 */
export function tickedParts(text) {
  const parts = text.split(/`([^`\n]+)`/);
  return parts.map((part, index) => ({ text: part, isCode: index % 2 === 1 })).filter((part) => part.text);
}

/**
 * `path:line:column`.
 *
 * @param {{ path: string, line?: number, column?: number }} place
 */
export const placeText = ({ path, line, column }) => (line === undefined ? path : `${path}:${line}${column === undefined ? "" : `:${column}`}`);
