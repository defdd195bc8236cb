// Without a mouse: one flow from the first key to the last, through the list, a menu, the preview sheet and other parts.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { row, studioTest } from "../support/studio.js";

/** @import { Locator, Page } from "playwright-core" */

/** More stops than any part has. */
const STOPS = 80;

/**
 * Goes from stop to stop until this has the focus; every stop on the way can be seen to have it.
 *
 * @param {Page} page
 * @param {Locator} to
 * @param {"Tab" | "Shift+Tab" | "ArrowDown"} key
 */
async function walk(page, to, key = "Tab") {
  await to.waitFor();
  for (let stop = 0; stop < STOPS; stop += 1) {
    if (await to.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
    const ring = await page.evaluate(() => {
      const now = document.activeElement;
      if (!now || now === document.body) return "none has it";
      const { outlineStyle, boxShadow } = getComputedStyle(now);
      const isSeen = outlineStyle !== "none" || boxShadow !== "none" || now.matches("main, input, textarea");
      return isSeen ? "" : now.outerHTML.slice(0, 120);
    });
    // Past the last stop the browser's own bar has the focus.
    if (ring !== "none has it") assert.equal(ring, "", "the focus cannot be seen");
  }
  assert.fail(`${key} does not lead there`);
}

studioTest("an asset goes to quarantine and comes back by keys alone", {}, async ({ page, folder }) => {
  await row(page, "audio/coin").waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to the content");
  await page.keyboard.press("Enter");
  await walk(page, row(page, "audio/coin"));
  await walk(page, row(page, "ui/button"), "ArrowDown");
  await page.keyboard.press("Space");
  await page.getByText("1 selected").first().waitFor();
  await walk(page, page.getByRole("toolbar").getByRole("button", { name: "Remove" }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await walk(page, page.getByRole("menuitem", { name: "Move the files to quarantine…" }), "ArrowDown");
  await page.keyboard.press("Enter");
  const sheet = page.getByRole("dialog");
  await walk(page, sheet.getByRole("button", { name: "Move the files" }));
  await page.keyboard.press("Enter");
  await sheet.waitFor({ state: "detached" });
  assert.ok(!existsSync(join(folder, "assets/ui/button")));
  await walk(page, page.getByRole("link", { name: "Quarantine", exact: true }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await walk(page, page.getByRole("main").getByRole("button", { name: "Restore" }).first());
  await page.keyboard.press("Enter");
  await walk(page, sheet.getByRole("button", { name: "Move the files" }));
  await page.keyboard.press("Enter");
  await sheet.waitFor({ state: "detached" });
  assert.ok(existsSync(join(folder, "assets/ui/button/asset.json")));
});

studioTest("Escape leaves what is open, one after the other, and the focus goes back to where it was", {}, async ({ page }) => {
  const first = row(page, "audio/coin");
  await first.waitFor();
  await walk(page, first);
  await page.keyboard.press("Enter");
  const details = page.getByRole("complementary");
  await details.getByRole("heading", { name: "audio/coin" }).waitFor();
  await page.keyboard.press("Space");
  await walk(page, page.getByRole("toolbar").getByRole("button", { name: "Remove" }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
  assert.match((await page.evaluate(() => document.activeElement?.textContent)) ?? "", /Remove/);
  await walk(page, first);
  await page.keyboard.press("Escape");
  await page.getByText("11 assets").first().waitFor();
  await page.keyboard.press("Escape");
  await details.waitFor({ state: "hidden" });
  await first.waitFor();
  assert.ok(await first.evaluate((element) => element === document.activeElement));
});
