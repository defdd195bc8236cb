import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { blocksOf, runsOf } from "../../page/js/views/finding-manual.js";

const page = `# S203 source-missing

A pattern matches
no file.

**Example**

    error[S203]: no file
     --> a:6

    6 |   "x"

**What to do.** Choose:

- One
  goes on.
- Two
`;

test("a page is cut into headings, paragraphs, examples and lists", () => {
  assert.deepEqual(blocksOf(page), [
    { kind: "heading", text: "S203 source-missing" },
    { kind: "text", text: "A pattern matches no file." },
    { kind: "text", text: "**Example**" },
    { kind: "code", text: 'error[S203]: no file\n --> a:6\n\n6 |   "x"' },
    { kind: "text", text: "**What to do.** Choose:" },
    { kind: "list", items: ["One goes on.", "Two"] },
  ]);
});

test("code and strong words are told from text", () => {
  assert.deepEqual(runsOf("**Fix.** run `a b`, not c"), [
    { text: "Fix.", as: "strong" }, { text: " run ", as: "text" }, { text: "a b", as: "code" }, { text: ", not c", as: "text" },
  ]);
});

test("no line of any page of the manual is lost, and no mark of it is left over", () => {
  const folder = new URL("../../../core/src/diagnose/pages/", import.meta.url);
  const names = readdirSync(folder);
  assert.ok(names.length > 30);
  for (const name of names) {
    const text = readFileSync(new URL(name, folder), "utf8");
    const blocks = blocksOf(text);
    const said = blocks.map((block) => (block.kind === "list" ? block.items.join(" ") : block.text)).join(" ");
    const letters = (/** @type {string} */ all) => all.replace(/^[#-] /gm, "").replace(/[^\p{L}\p{N}]/gu, "");
    assert.equal(letters(said), letters(text), name);
    for (const block of blocks) {
      if (block.kind === "code") continue;
      for (const run of (block.kind === "list" ? block.items : [block.text]).flatMap(runsOf)) {
        if (run.as !== "code") assert.doesNotMatch(run.text, /\*\*|`/, `${name}: ${run.text}`);
      }
    }
  }
});
