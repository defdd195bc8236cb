// Names of files are a stranger's words: on every part of the page they are text.

import assert from "node:assert/strict";

import { png, workspace } from "../support/folders.js";
import { go, studioTest } from "../support/studio.js";

const IMG = "<img src=x onerror=window.isHarmed=1>";
const SCRIPT = `"><script>window.isHarmed=1<`;
const ROOT = `art/${IMG}`;

/** @param {import("../support/folders.js").Test} test */
function hostile(test) {
  return workspace(test, {
    [ROOT]: { [`${IMG}.png`]: png(1), [`${SCRIPT}.txt`]: "text\n", "same.png": png(7), "‮gnp.exe": "x" },
    "art/plain": { "same.png": png(7), "asset.json": `{"schema": 1, "uuid": "0199d000-0000-7000-8000-000000000001", "address": "${IMG}", "labels": ["${IMG}"]}` },
  });
}

studioTest("a hostile name is text on every part of the page", { folder: hostile }, async ({ page, service }) => {
  const injected = () => page.evaluate(() => ({ isHarmed: "isHarmed" in window, images: document.querySelectorAll("img[src=x], script:not([type=module])").length }));
  const is = { isHarmed: false, images: 0 };
  await page.getByRole("row").filter({ hasText: ROOT }).click();
  await page.getByText(`${IMG}.png`).first().waitFor();
  assert.deepEqual(await injected(), is);
  for (const part of /** @type {const} */ (["Diagnostics", "Activity", "Build report", "Quarantine", "History"])) {
    await go(page, part);
    await page.getByRole("main").getByRole("heading").first().waitFor();
    assert.deepEqual(await injected(), is, part);
  }
  await service.apply("remove_asset", { selectors: [`root:${ROOT}`], files: "quarantine" });
  await go(page, "Quarantine");
  await page.getByRole("main").getByText(IMG).first().waitFor();
  assert.deepEqual(await injected(), is);
  await go(page, "History");
  await page.getByRole("main").getByRole("button", { name: "2 actions" }).click();
  await page.getByRole("main").getByText(IMG).first().waitFor();
  assert.deepEqual(await injected(), is);
  await page.getByTitle("All projects").click();
  assert.deepEqual(await injected(), is);
});
