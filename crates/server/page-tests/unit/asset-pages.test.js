import assert from "node:assert/strict";
import { test } from "node:test";

import { Pages } from "../../page/js/views/asset-pages.js";

/** A list whose answers come when they are let go. */
function listOf(total) {
  const asked = [];
  const list = {
    total,
    asked,
    changes: [],
    word: "a",
    fetch(start, limit, until) {
      return new Promise((resolve, reject) => {
        const one = {
          start,
          until,
          let: () => resolve({ total: list.total, rows: rowsOf(start, Math.min(limit, Math.max(0, list.total - start)), list.word) }),
          fail: (error) => reject(error),
        };
        asked.push(one);
      });
    },
  };
  list.pages = new Pages({ size: 10, fetch: list.fetch, changed: (what) => list.changes.push(what) });
  return list;
}

const rowsOf = (start, n, word) => Array.from({ length: n }, (_, at) => `${word}${start + at}`);
const settled = () => new Promise((done) => setTimeout(done));

test("only the pages that are seen are fetched, and each once", async () => {
  const list = listOf(100);
  list.pages.ask();
  list.pages.see(0, 5);
  list.pages.see(0, 8);
  assert.deepEqual(list.asked.map((one) => one.start), [0]);
  list.asked[0].let();
  await settled();
  assert.equal(list.pages.total, 100);
  assert.equal(list.pages.row(3), "a3");
  assert.equal(list.pages.row(10), undefined);
  list.pages.see(8, 25);
  assert.deepEqual(list.asked.map((one) => one.start), [0, 10, 20]);
});

test("an answer to an earlier question is dropped", async () => {
  const list = listOf(100);
  list.pages.ask();
  const [old] = list.asked;
  list.pages.ask();
  list.word = "b";
  list.asked[1].let();
  await settled();
  list.word = "a";
  old.let();
  await settled();
  assert.equal(old.until.aborted, true);
  assert.equal(list.pages.row(0), "b0");
  assert.equal(list.changes.length, 1);
});

test("rows stand while they are read again, and all that is seen changes at once", async () => {
  const list = listOf(100);
  list.pages.ask();
  list.asked[0].let();
  await settled();
  list.pages.see(5, 15);
  list.asked[1].let();
  await settled();
  list.word = "b";
  list.pages.refresh();
  assert.equal(list.pages.row(7), "a7");
  list.asked[2].let();
  await settled();
  assert.equal(list.pages.row(7), "a7");
  list.asked[3].let();
  await settled();
  assert.equal(list.pages.row(7), "b7");
  assert.equal(list.pages.row(12), "b12");
  assert.deepEqual(list.changes.map((what) => what.isAnew), [true, false, false]);
});

test("what was dragged past is not waited for", async () => {
  const list = listOf(1000);
  list.pages.ask();
  list.asked[0].let();
  await settled();
  list.pages.see(300, 305);
  list.pages.see(700, 705);
  assert.equal(list.asked[1].until.aborted, true);
  list.asked[1].let();
  list.asked[2].let();
  await settled();
  assert.equal(list.pages.row(300), undefined);
  assert.equal(list.pages.row(700), "a700");
});

test("a list that became shorter forgets what is past its end", async () => {
  const list = listOf(35);
  list.pages.ask();
  list.asked[0].let();
  await settled();
  list.pages.see(20, 35);
  for (const one of list.asked) one.let();
  await settled();
  list.total = 25;
  list.pages.refresh();
  for (const one of list.asked) one.let();
  await settled();
  assert.equal(list.pages.total, 25);
  assert.equal(list.pages.row(30), undefined);
  assert.equal(list.pages.isWhole(), false);
});

test("an empty list is asked again all the same", async () => {
  const list = listOf(0);
  list.pages.ask();
  list.asked[0].let();
  await settled();
  assert.equal(list.pages.total, 0);
  assert.equal(list.pages.isWhole(), true);
  list.total = 3;
  list.pages.refresh();
  list.asked[1].let();
  await settled();
  assert.equal(list.pages.row(2), "a2");
});

test("what fails is said, and asked for again when it is seen again", async () => {
  const list = listOf(50);
  list.pages.ask();
  list.asked[0].let();
  await settled();
  list.pages.see(10, 15);
  list.asked[1].fail(new Error("away"));
  await settled();
  assert.equal(list.pages.trouble.message, "away");
  list.pages.see(10, 16);
  list.asked[2].let();
  await settled();
  assert.equal(list.pages.trouble, null);
  assert.equal(list.pages.row(10), "a10");
});

test("what answered the question before is shown until the first answer to the new one", async () => {
  const list = listOf(30);
  list.pages.ask();
  list.asked[0].let();
  await settled();
  list.word = "b";
  list.total = 5;
  list.pages.ask();
  list.pages.see(20, 30);
  assert.equal(list.pages.row(3), "a3");
  assert.equal(list.pages.total, 30);
  assert.equal(list.asked.length, 2);
  list.asked[1].let();
  await settled();
  assert.equal(list.pages.row(3), "b3");
  assert.equal(list.pages.total, 5);
});
