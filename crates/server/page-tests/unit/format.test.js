// Numbers, sizes and times as people read them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ago, bytes, bytesChange, count, duration, number, percent, sentence, short, words } from "../../page/js/format.js";

test("numbers have their thousands apart and count their nouns", () => {
  assert.equal(number(1234567), "1,234,567");
  assert.equal(count(1, "asset"), "1 asset");
  assert.equal(count(0, "asset"), "0 assets");
  assert.equal(count(1200, "entry", "entries"), "1,200 entries");
});

test("sizes are in units of 1024 with three digits", () => {
  assert.equal(bytes(0), "0 B");
  assert.equal(bytes(1023), "1023 B");
  assert.equal(bytes(1024), "1.00 KiB");
  assert.equal(bytes(18422), "18.0 KiB");
  assert.equal(bytes(512 * 1024), "512 KiB");
  assert.equal(bytes(4 * 1024 ** 3), "4.00 GiB");
  assert.equal(bytes(-2048), "−2.00 KiB");
});

test("a change of size always has its sign", () => {
  assert.equal(bytesChange(2048), "+2.00 KiB");
  assert.equal(bytesChange(-1), "−1 B");
  assert.equal(bytesChange(0), "±0 B");
});

test("a time that something took is in the unit that fits", () => {
  assert.equal(duration(0.4), "0 ms");
  assert.equal(duration(999), "999 ms");
  assert.equal(duration(1234), "1.23 s");
  assert.equal(duration(45_678), "45.7 s");
  assert.equal(duration(125_000), "2 min 5 s");
});

test("a time is told from now, in the largest unit that it fills", () => {
  const now = Date.parse("2026-11-22T15:00:00Z");
  assert.equal(ago("2026-11-22T14:59:50Z", now), "just now");
  assert.equal(ago("2026-11-22T14:57:00Z", now), "3 minutes ago");
  assert.equal(ago("2026-11-22T12:00:00Z", now), "3 hours ago");
  assert.equal(ago("2026-11-21T15:00:00Z", now), "yesterday");
  assert.equal(ago("2026-11-22T15:20:00Z", now), "in 20 minutes");
});

test("small shares keep a digit", () => {
  assert.equal(percent(0), "0 %");
  assert.equal(percent(0.034), "3.4 %");
  assert.equal(percent(0.5), "50 %");
  assert.equal(percent(1), "100 %");
});

test("names of the service become words and hashes become short", () => {
  assert.equal(words("include_asset_in_build"), "include asset in build");
  assert.equal(sentence("one asset"), "One asset");
  assert.equal(sentence(""), "");
  assert.equal(short("blake3:0123456789abcdef"), "0123456789ab");
});
