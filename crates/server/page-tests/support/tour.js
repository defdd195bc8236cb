// A way through all parts of the page, with something to see in each.

import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { go, remove, row, toasts } from "./studio.js";

/** @import { Page } from "playwright-core" */
/** @import { Service } from "./service.js" */

/**
 * Gives a copy of the example a past, and things to find.
 *
 * @param {Service} service
 * @param {string} folder
 */
export async function live(service, folder) {
  const manifest = join(folder, "assets/texts/credits/asset.json");
  await service.done("build");
  await service.done("edit_asset", { selector: "ui/panel", set: { labels: ["ui", "window"] } });
  await service.apply("remove_asset", { selectors: ["texts/credits"], files: "quarantine" });
  await service.done("exclude_asset_from_build", { selectors: ["audio/jump"] });
  cpSync(join(folder, "assets/audio/coin"), join(folder, "assets/audio/coin-copy"), { recursive: true });
  rmSync(manifest, { force: true });
  const music = join(folder, "assets/levels/meadow/tuning.toml");
  appendFileSync(music, "\n# softer jumps\n");
  await service.done("get_status", { barrier: true });
  await service.done("build");
  const broken = join(folder, "assets/levels/meadow/asset.json");
  writeFileSync(broken, readFileSync(broken, "utf8").replace('"sources"', '"sauces"'));
  const jump = join(folder, "assets/audio/jump/asset.json");
  writeFileSync(jump, readFileSync(jump, "utf8").replace('"audio/jump"', '"audio/coin"'));
  await service.done("get_status", { barrier: true });
}

/**
 * Each part, by the name of its picture, and how to come to it from any other.
 *
 * @type {[string, (page: Page) => Promise<void>][]}
 */
export const PARTS = [
  ["home", async (page) => {
    await page.getByTitle("All projects").click();
    await page.getByRole("link", { name: "starter" }).waitFor();
  }],
  ["assets", async (page) => {
    await page.getByRole("link", { name: "starter" }).click();
    await row(page, "ui/button").waitFor();
    await row(page, "ui/panel").getByRole("checkbox").click();
    await row(page, "ui/button").getByRole("checkbox").click();
    await page.getByText("2 selected").first().waitFor();
  }],
  ["detail", async (page) => {
    await page.keyboard.press("Escape");
    await row(page, "sprites/hero").click();
    await page.getByRole("heading", { name: "Files" }).waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll(".asset-detail img")].every((image) => /** @type {HTMLImageElement} */ (image).complete));
  }],
  ["project-bar", async (page) => {
    await page.getByRole("button", { name: "Close the details" }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("banner").getByTitle("Why").click();
    await page.locator(".popover").waitFor();
  }],
  ["preview", async (page) => {
    await page.keyboard.press("Escape");
    await page.locator(".popover").waitFor({ state: "detached" });
    await remove(page, "ui/button", "Delete the files…");
    await page.getByLabel("To agree, type").waitFor();
  }],
  ["diagnostics", async (page) => {
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await go(page, "Diagnostics");
    await page.getByRole("heading", { name: "Hygiene" }).waitFor();
  }],
  ["activity", async (page) => {
    await go(page, "Activity");
    await page.getByRole("list", { name: "Operations" }).getByRole("link", { name: "Build" }).first().click();
    await page.getByText(/build.finished/i).first().waitFor();
  }],
  ["report", async (page) => {
    await go(page, "Build report");
    await page.getByRole("main").getByText("backgrounds").first().waitFor();
  }],
  ["quarantine", async (page) => {
    await go(page, "Quarantine");
    await page.getByRole("main").getByText("texts/credits").first().waitFor();
  }],
  ["history", async (page) => {
    await go(page, "History");
    await page.getByRole("main").getByRole("button", { name: /Revert/ }).first().waitFor();
  }],
];

/**
 * Nothing is said at the foot of the page any more.
 *
 * @param {Page} page
 */
export async function silent(page) {
  for (const button of await toasts(page).getByRole("button", { name: "Close this message" }).all()) await button.click();
}
