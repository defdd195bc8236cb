// The page beside a world that changes: the disk, another tab, the service's end and return.

import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { studioTest } from "../support/studio.js";

const LOST = "Disconnected from the service";

studioTest("a manifest that breaks on disk turns up without a reload, and so does its repair", {}, async ({ page, folder }) => {
  const manifest = join(folder, "assets/audio/coin/asset.json");
  const good = readFileSync(manifest);
  const badge = page.getByRole("link", { name: "Diagnostics" }).locator(".count");
  await badge.waitFor({ state: "hidden" });
  writeFileSync(manifest, "{ not json");
  await badge.getByText("1").waitFor();
  writeFileSync(manifest, good);
  await badge.waitFor({ state: "hidden" });
});

studioTest("an asset that is gone from the disk makes the project diverged, with the reason", {}, async ({ page, folder }) => {
  await page.getByRole("button", { name: "healthy" }).waitFor();
  rmSync(join(folder, "assets/audio/coin"), { recursive: true });
  await page.getByRole("button", { name: "diverged" }).click();
  await page.locator(".popover").getByRole("listitem").first().waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".popover").waitFor({ state: "detached" });
});

studioTest("the page says that it is disconnected, and goes on by itself when the service is back", {}, async ({ page, folder, service, watch }) => {
  watch.expect(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_NETWORK/);
  await page.getByRole("button", { name: "healthy" }).waitFor();
  await page.evaluate(() => Object.assign(window, { isSamePage: true }));
  await service.stop();
  await page.getByRole("alert").getByText(LOST).waitFor();
  // While it is away the world goes on.
  rmSync(join(folder, "assets/audio/coin"), { recursive: true });
  await service.start();
  await page.getByRole("alert").getByText(LOST).waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "diverged" }).waitFor();
  await page.getByRole("button", { name: "Build", exact: true }).waitFor();
  assert.equal(await page.evaluate(() => "isSamePage" in window), true, "the page was loaded anew");
});

studioTest("the browser is still known after a restart, and not when its key is gone", {}, async ({ page, service, watch }) => {
  watch.expect(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_NETWORK|status of 401/);
  await service.stop();
  await service.start();
  await page.goto(service.origin);
  await page.getByRole("heading", { name: "starter", level: 1 }).waitFor();
  await service.stop();
  rmSync(join(service.state, "packwright"), { recursive: true });
  await service.start();
  await page.getByRole("alert").getByText("no longer signed in").waitFor();
});

studioTest("what one tab does turns up in the other", {}, async ({ page, browser, service }) => {
  const other = await browser.newPage();
  await other.goto(service.origin);
  await other.getByRole("button", { name: "healthy" }).waitFor();
  await page.getByRole("button", { name: "Build", exact: true }).click();
  await page.locator("#toasts").getByText("built", { exact: false }).waitFor();
  await other.getByRole("button", { name: "healthy" }).click();
  await other.getByText("Last built").waitFor();
});

studioTest("with reduced motion nothing on the page moves by itself", { browser: { reducedMotion: "reduce" } }, async ({ page }) => {
  const moving = await page.evaluate(() => {
    const bar = Object.assign(document.createElement("div"), { className: "bar unknown" });
    bar.append(document.createElement("span"));
    document.body.append(bar);
    const still = (/** @type {string} */ times) => times.split(",").every((time) => Number.parseFloat(time) === 0);
    const found = [...document.querySelectorAll("*")].filter((element) => {
      const { animationName, transitionDuration } = getComputedStyle(element);
      return animationName !== "none" || !still(transitionDuration);
    });
    return found.map((element) => `${element.tagName}.${element.className}`);
  });
  assert.deepEqual(moving, []);
});
