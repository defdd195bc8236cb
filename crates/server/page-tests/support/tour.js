// A way through all parts of the page, with something to see in each.

import { appendFileSync, cpSync, readFileSync, writeFileSync } from "node:fs";
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
  const text = (/** @type {string} */ name, /** @type {string} */ from, /** @type {string} */ to) => {
    const path = join(folder, "assets", name);
    writeFileSync(path, readFileSync(path, "utf8").replace(from, to));
  };
  await service.done("build");
  await service.done("edit_asset", { selector: "ui/icons", set: { labels: ["ui", "hud"] } });
  await service.apply("remove_asset", { selectors: ["texts/de"], files: "quarantine" });
  await service.done("exclude_asset_from_build", { selectors: ["audio/jump"] });
  appendFileSync(join(folder, "assets/levels/meadow/tuning.toml"), "\n# softer jumps\n");
  await service.done("build");
  // A copied folder, an address that two assets have, and a slip of the pen.
  cpSync(join(folder, "assets/audio/coin"), join(folder, "assets/audio/coin-copy"), { recursive: true });
  text("audio/jump/asset.json", '"audio/jump"', '"audio/coin"');
  text("levels/meadow/asset.json", '"importer"', '"imprter": "data",\n  "importer"');
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
    await row(page, "ui/icons").getByRole("checkbox").click();
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
    await page.getByRole("heading", { name: "Hygiene", exact: true }).waitFor();
  }],
  ["activity", async (page) => {
    await go(page, "Activity");
    await page.getByRole("list", { name: "Operations" }).getByRole("link", { name: "Build" }).first().click();
    await page.getByText(/build.finished/i).first().waitFor();
  }],
  ["report", async (page) => {
    await go(page, "Build report");
    await page.getByRole("main").getByText("backgrounds").or(page.getByText("not_found")).first().waitFor();
  }],
  ["quarantine", async (page) => {
    await go(page, "Quarantine");
    await page.getByRole("main").getByText("texts/de").first().waitFor();
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
