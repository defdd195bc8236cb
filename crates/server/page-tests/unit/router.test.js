// What an address says, there and back.

import assert from "node:assert/strict";
import { test } from "node:test";

import { link, note, PARTS, read, route } from "../../page/js/router.js";

test("an address without a project is that of all projects", () => {
  for (const hash of ["", "#", "#/"]) assert.equal(read(hash).project, null);
});

test("a part that does not exist is the assets", () => {
  assert.equal(read("#/p/nowhere").part, "assets");
  assert.equal(read("#/p").part, "assets");
});

test("every link reads as what it was made of, whatever the words hold", () => {
  const project = "a/b?c#d&e=<img>";
  for (const part of PARTS) {
    const at = read(link(project, part, { asset: "root:ui/ö & co", text: "a=b&c", none: null }));
    assert.equal(at.project, project);
    assert.equal(at.part, part);
    assert.deepEqual([...at.query], [["asset", "root:ui/ö & co"], ["text", "a=b&c"]]);
  }
});

test("what is noted changes the query alone and takes no step in the history", () => {
  /** @type {string[]} */
  const replaced = [];
  const location = { hash: "" };
  Object.assign(globalThis, {
    location,
    history: { replaceState: (/** @type {unknown} */ _, /** @type {string} */ __, /** @type {string} */ to) => replaced.push((location.hash = to)) },
  });
  route.set(read("#/p/diagnostics?code=S101&text=x"));
  note({ code: "H304", text: null });
  assert.deepEqual(replaced, ["#/p/diagnostics?code=H304"]);
  assert.equal(route.get().query.get("code"), "H304");
});
