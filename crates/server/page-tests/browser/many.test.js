// Ten thousand assets: the list scrolls through all of them, and only what is seen is made of elements.

import assert from "node:assert/strict";

import { workspace } from "../support/folders.js";
import { row, studioTest } from "../support/studio.js";

const N = 10_000;

/** @param {number} index */
const name = (index) => `pack-${String(Math.floor(index / 100)).padStart(3, "0")}/asset-${String(index).padStart(5, "0")}`;

/** @param {import("../support/folders.js").Test} test */
const many = (test) => workspace(test, Object.fromEntries(Array.from({ length: N }, (_, index) => [name(index), { "a.txt": `${index}\n` }])));

studioTest("ten thousand assets are one list, of which some dozens are elements, from its first row to its last, and searched through", { folder: many }, async ({ page }) => {
  await page.getByText("10,000 assets").first().waitFor();
  await row(page, name(0)).waitFor();
  const rows = page.getByRole("grid", { name: "Assets" }).getByRole("row");
  const list = page.locator(".virtual");
  const height = await list.evaluate((element) => element.scrollHeight);
  for (const share of [0.2, 0.5, 0.77, 1]) {
    await list.evaluate((element, to) => element.scrollTo(0, to), height * share);
    const room = await list.evaluate((element) => element.scrollHeight - element.clientHeight);
    const first = Math.min(N - 1, Math.ceil(Math.min(room, height * share) / 32) + 3);
    await row(page, name(first)).waitFor();
    const n = await rows.count();
    assert.ok(n > 20 && n < 80, `${n} rows are elements`);
  }
  await row(page, name(N - 1)).click();
  await page.getByRole("complementary", { name: `Details of ${name(N - 1)}` }).getByText("a.txt").first().waitFor();
  await page.keyboard.press("Home");
  await row(page, name(0)).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("asset-0999");
  await page.getByText("10 of 10,000 assets").first().waitFor();
  await row(page, name(9_999)).waitFor();
});
