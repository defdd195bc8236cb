// Values that say when they change, and work that is done soon.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { signal, soon, topic } from "../../page/js/signal.js";

/** Node 18 takes the list alone. */
const takeTimers = () => mock.timers.enable(process.versions.node.startsWith("18.") ? ["setTimeout"] : { apis: ["setTimeout"] });

test("who watches hears the value now and each that differs, until it is aborted", () => {
  const value = signal(1);
  const until = new AbortController();
  /** @type {number[]} */
  const heard = [];
  value.watch((now) => heard.push(now), until.signal);
  for (const next of [1, 2, 2, 3]) value.set(next);
  until.abort();
  value.set(4);
  assert.deepEqual(heard, [1, 2, 3]);
});

test("nobody hears an older value after a newer one, even where a watcher sets it", () => {
  const value = signal(0);
  /** @type {number[]} */
  const heard = [];
  value.watch((now) => now === 1 && value.set(2));
  value.watch((now) => heard.push(now));
  value.set(1);
  assert.deepEqual(heard, [...heard].sort((a, b) => a - b));
  assert.equal(heard.at(-1), 2);
});

test("one that throws keeps nobody from hearing, and is not passed over in silence", () => {
  const value = signal(0);
  let heard = 0;
  let isBad = false;
  value.watch(() => {
    if (isBad) throw new Error("bad");
  });
  value.watch((now) => (heard = now));
  isBad = true;
  assert.throws(() => value.set(1), /bad/);
  assert.equal(heard, 1);
});

test("the same function may watch twice, each for its own time", () => {
  const all = topic();
  const [first, second] = [new AbortController(), new AbortController()];
  let n = 0;
  const heard = () => (n += 1);
  all.hear(heard, first.signal);
  all.hear(heard, second.signal);
  first.abort();
  all.say(null);
  assert.equal(n, 1);
});

test("work is done once for however many asked, and again for who asked while it was done", async () => {
  takeTimers();
  try {
    let n = 0;
    /** @type {() => void} */
    let finish = () => {};
    const ask = soon(() => new Promise((done) => ((n += 1), (finish = () => done(undefined)))), 50);
    for (let i = 0; i < 10; i += 1) ask();
    mock.timers.tick(50);
    assert.equal(n, 1);
    ask();
    ask();
    mock.timers.tick(500);
    assert.equal(n, 1, "never two at a time");
    finish();
    await new Promise(setImmediate);
    mock.timers.tick(50);
    assert.equal(n, 2);
    mock.timers.tick(500);
    assert.equal(n, 2);
  } finally {
    mock.timers.reset();
  }
});

test("nothing is done any more after the end", () => {
  takeTimers();
  try {
    let n = 0;
    const until = new AbortController();
    const ask = soon(() => void (n += 1), 50, until.signal);
    ask();
    until.abort();
    ask();
    mock.timers.tick(500);
    assert.equal(n, 0);
  } finally {
    mock.timers.reset();
  }
});
