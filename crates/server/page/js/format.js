// @ts-check
// Numbers, sizes and times as people read them.

const counted = new Intl.NumberFormat("en");
const plural = new Intl.PluralRules("en");

/** @param {number} n */
export const number = (n) => counted.format(n);

/**
 * `1 asset`, `2 assets`.
 *
 * @param {number} n
 * @param {string} one
 * @param {string} [many]
 */
export const count = (n, one, many = `${one}s`) => `${number(n)} ${plural.select(n) === "one" ? one : many}`;

/**
 * Bytes, in units of 1,024.
 *
 * @param {number} n
 */
export function bytes(n) {
  const sign = n < 0 ? "−" : "";
  let left = Math.abs(n);
  if (left < 1024) return `${sign}${left} B`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let unit = -1;
  while (left >= 1024 && unit < units.length - 1) {
    left /= 1024;
    unit += 1;
  }
  return `${sign}${left < 10 ? left.toFixed(2) : left < 100 ? left.toFixed(1) : Math.round(left)} ${units[unit]}`;
}

/**
 * A change in bytes, with its sign.
 *
 * @param {number} n
 */
export const bytesChange = (n) => (n > 0 ? `+${bytes(n)}` : n < 0 ? bytes(n) : "±0 B");

/**
 * How long something took.
 *
 * @param {number} ms
 */
export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const LONGER = [["hour", 3600], ["day", 86_400], ["month", 2_592_000], ["year", 31_536_000]];

/**
 * `3 minutes ago`; the exact time belongs into a title beside it.
 *
 * @param {string} time RFC 3339
 * @param {number} [now]
 */
export function ago(time, now = Date.now()) {
  const seconds = (Date.parse(time) - now) / 1000;
  if (Math.abs(seconds) < 45) return "just now";
  /** @type {[Intl.RelativeTimeFormatUnit, number]} */
  let [unit, size] = ["minute", 60];
  for (const [name, length] of LONGER) if (Math.abs(seconds) >= length) [unit, size] = [name, length];
  return relative.format(Math.round(seconds / size), unit);
}

const exactTime = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** @param {string} time RFC 3339 */
export const exact = (time) => exactTime.format(new Date(time));

/** @param {string} time RFC 3339 */
export const clock = (time) => new Date(time).toLocaleTimeString("en-GB", { hour12: false });

/** @param {number} share Between 0 and 1 */
export const percent = (share) => (share > 0 && share < 0.001 ? "< 0.1 %" : `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`);

/**
 * A hash or an id, short enough for a line.
 *
 * @param {string} id
 */
export const short = (id) => id.replace(/^blake3:/, "").slice(0, 12);

/**
 * `remove_asset` as people say it.
 *
 * @param {string} name
 */
export const words = (name) => name.replaceAll("_", " ");

/** @param {string} text */
export const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);
