import assert from "node:assert/strict";
import { test } from "node:test";

import { byDay, dayTitle, mergedFirst, mergedNext } from "../../page/js/views/history.js";
import { sortedBy } from "../../page/js/views/quarantine.js";

const past = (id, at = "2026-11-29T10:00:00Z") => ({ operation_id: id, at });
const ids = (pages) => pages.operations.map((one) => one.operation_id).join("");

test("operations stand under the day of where one is, in their order", () => {
  const at = (day, hour) => new Date(2026, 10, day, hour).toISOString();
  const days = byDay([past("c", at(29, 9)), past("b", at(29, 0)), past("a", at(28, 23))]);
  assert.deepEqual(days.map((day) => [day.day, day.operations.map((one) => one.operation_id).join("")]), [["2026-11-29", "cb"], ["2026-11-28", "a"]]);
});

test("a day has a name, across a change of the clocks too", () => {
  const now = new Date(2026, 2, 30, 1);
  assert.equal(dayTitle("2026-03-30", now), "Today");
  assert.equal(dayTitle("2026-03-29", now), "Yesterday");
  assert.match(dayTitle("2026-03-28", now), /^Saturday,? 28 March 2026$/);
});

test("a new beginning is put before what was loaded further down", () => {
  const known = { operations: ["d", "c", "b", "a"].map((id) => past(id)), next: "a" };
  assert.deepEqual(ids(mergedFirst(known, ["e", "d", "c"].map((id) => past(id)), "c")), "edcba");
  assert.equal(mergedFirst(known, ["e", "d", "c"].map((id) => past(id)), "c").next, "a");
});

test("where the beginning does not reach what is known, that is let go: there would be a gap", () => {
  const known = { operations: [past("b"), past("a")], next: null };
  const merged = mergedFirst(known, [past("z"), past("y")], "y");
  assert.deepEqual([ids(merged), merged.next], ["zy", "y"]);
});

test("the next page brings nothing twice", () => {
  const merged = mergedNext({ operations: [past("c"), past("b")], next: "b" }, [past("b"), past("a")], null);
  assert.deepEqual([ids(merged), merged.next], ["cba", null]);
});

test("quarantine is sorted by any column, and always the same way", () => {
  const entry = (id, bytes, address) => ({ entry_id: id, origin: id, since: "2026", files: 1, bytes, asset: { asset_id: 1, address, root: id } });
  const some = [entry("b", 2, "z"), entry("a", 2, null), entry("c", 1, "y")];
  const by = (column, isDescending = false) => sortedBy(some, { column, isDescending }).map((one) => one.entry_id).join("");
  assert.deepEqual([by("bytes"), by("bytes", true), by("asset"), by("since")], ["cab", "bac", "acb", "abc"]);
});
