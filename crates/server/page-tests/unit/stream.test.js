// Server-sent events, however the network cuts them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { FrameParser } from "../../page/js/stream.js";

const TEXT = 'id: run:1\ndata: {"a":1}\n\n: heartbeat\n\nid: run:2\r\ndata: one\r\ndata: two\r\n\r\n';
const FRAMES = [{ id: "run:1", data: '{"a":1}' }, { id: null, data: "" }, { id: "run:2", data: "one\ntwo" }];

test("frames come out the same wherever the text is cut in two", () => {
  for (let at = 0; at <= TEXT.length; at += 1) {
    const parser = new FrameParser();
    assert.deepEqual([...parser.push(TEXT.slice(0, at)), ...parser.push(TEXT.slice(at))], FRAMES, `cut at ${at}`);
  }
});

test("a frame that has not ended is kept for later", () => {
  const parser = new FrameParser();
  assert.deepEqual(parser.push("id: run:1\ndata: x\n"), []);
  assert.deepEqual(parser.push("\n"), [{ id: "run:1", data: "x" }]);
});
