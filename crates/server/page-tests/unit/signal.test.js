// Values that say when they change, and work that is asked for more often than done.

import assert from "node:assert/strict";
import { test } from "node:test";

import { signal, soon, topic } from "../../page/js/signal.js";

test("a signal says what it is at once and then only what is another", () => {
  const number = signal(1);
  /** @type {number[]} */
  const heard = [];
  number.watch((value) => heard.push(value));
  number.set(1);
  number.set(2);
  number.update((value) => value + 1);
  assert.deepEqual(heard, [1, 2, 3]);
});

test("who stopped listening hears nothing more, even in the middle of a change", () => {
  const number = signal(0);
  const stop = new AbortController();
  /** @type {number[]} */
  const heard = [];
  number.watch((value) => value && stop.abort());
  number.watch((value) => heard.push(value), stop.signal);
  number.set(1);
  assert.deepEqual(heard, [0]);
});

test("a topic reaches those who listen", () => {
  /** @type {import("../../page/js/signal.js").topic extends () => infer T ? T : never} */
  const said = topic();
  const stop = new AbortController();
  /** @type {unknown[]} */
  const heard = [];
  said.hear((what) => heard.push(what), stop.signal);
  said.say("one");
  stop.abort();
  said.say("two");
  assert.deepEqual(heard, ["one"]);
});

test("work that many ask for runs once, and again for who asked while it ran", async () => {
  let runs = 0;
  /** @type {(() => void)[]} */
  const ends = [];
  /** @type {(() => void)[]} */
  const begins = [];
  const begun = () => new Promise((done) => begins.push(() => done(undefined)));
  const ask = soon(() => {
    runs += 1;
    begins.shift()?.();
    return new Promise((done) => ends.push(() => done(undefined)));
  }, 0);
  const first = begun();
  ask();
  ask();
  await first;
  const second = begun();
  ask();
  ask();
  ends.shift()?.();
  await second;
  ends.shift()?.();
  assert.equal(runs, 2);
});
