// Server-sent events are cut into the same frames, however the text was cut up on the way; and batches are small and of one run.

import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameParser, cut } from "../../page/js/stream.js";

/** @param {string} text @param {number[]} at */
function pushed(text, at) {
  const parser = new FrameParser();
  const cuts = [0, ...at, text.length];
  return cuts.slice(1).flatMap((end, index) => parser.push(text.slice(cuts[index], end)));
}

const STREAM = 'retry: 1000\nid: R:0\n\nid: R:1\ndata: {"a":1}\n\n: still here\n\nid: R:2\ndata: {"b":\ndata: "x: y"}\n\n';
const FRAMES = [
  { id: "R:0", data: "" },
  { id: "R:1", data: '{"a":1}' },
  { id: null, data: "" },
  { id: "R:2", data: '{"b":\n"x: y"}' },
];

test("a text cut anywhere, once or twice, gives the same frames", () => {
  for (const text of [STREAM, STREAM.replaceAll("\n", "\r\n")]) {
    for (let a = 0; a <= text.length; a += 1) {
      assert.deepEqual(pushed(text, [a]), FRAMES, `cut at ${a}`);
      for (let b = a; b <= text.length; b += 7) assert.deepEqual(pushed(text, [a, b]), FRAMES, `cut at ${a} and ${b}`);
    }
  }
});

test("a text that comes one sign at a time gives the same frames", () => {
  for (const text of [STREAM, STREAM.replaceAll("\n", "\r\n")]) assert.deepEqual(pushed(text, Array.from(text, (_, index) => index)), FRAMES);
});

test("what has no end yet is kept for later", () => {
  const parser = new FrameParser();
  assert.deepEqual(parser.push("id: R:1\ndata: {}\n"), []);
  assert.deepEqual(parser.push("\n"), [{ id: "R:1", data: "{}" }]);
});

test("a very long frame in many pieces does not take the square of its length", () => {
  const parser = new FrameParser();
  const piece = "x".repeat(4096);
  const began = performance.now();
  parser.push("data: ");
  for (let n = 0; n < 2000; n += 1) parser.push(piece);
  assert.equal(parser.push("\n\n")[0]?.data.length, 4096 * 2000);
  assert.ok(performance.now() - began < 2000);
});

/** @param {string} run @param {number} cursor @param {number} [size] */
const frame = (run, cursor, size = 0) => ({ id: `${run}:${cursor}`, data: JSON.stringify({ cursor, text: "x".repeat(size) }) });

test("batches hold all events in order, are of one run each, and none is large", () => {
  const frames = [...Array.from({ length: 1000 }, (_, n) => frame("A", n)), ...Array.from({ length: 10 }, (_, n) => frame("B", n, 60_000))];
  const batches = [...cut(frames)];
  assert.deepEqual(batches.flatMap((batch) => batch.events.map((event) => `${batch.run}:${event.cursor}`)), frames.map((one) => one.id));
  for (const { events } of batches) assert.ok(events.length <= 256);
  assert.ok(batches.filter((batch) => batch.run === "B").length >= 3);
  assert.equal(batches.at(-1)?.id, "B:9");
});

test("an id without an event is remembered, and a text that is no JSON is passed over", () => {
  assert.deepEqual([...cut([{ id: "A:7", data: "" }])], [{ id: "A:7", run: "", events: [] }]);
  assert.deepEqual([...cut([{ id: null, data: "" }])], []);
  assert.deepEqual([...cut([{ id: "A:1", data: "{" }, frame("A", 2)])].map((batch) => batch.events.length), [1]);
});
