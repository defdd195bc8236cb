// A test of the page: the service, the browser, and the page open in it, all ended afterwards.

import assert from "node:assert/strict";
import { test } from "node:test";

import { context, Watch } from "./browser.js";
import { starter } from "./folders.js";
import { Service } from "./service.js";

/** @import { BrowserContext, BrowserContextOptions, Page } from "playwright-core" */
/** @import { Test } from "./folders.js" */

/**
 * @typedef {object} Studio
 * @property {Test} test
 * @property {Service} service
 * @property {string} folder The workspace.
 * @property {BrowserContext} browser
 * @property {Page} page
 * @property {Watch} watch
 */

/**
 * @typedef {object} Options
 * @property {(test: Test) => string | null} [folder] Makes the workspace; by default a copy of the example. Null: none.
 * @property {BrowserContextOptions} [browser]
 * @property {boolean} [hasStrangers] Whether the test opens pages of strangers, whose words are their own.
 */

/**
 * A test with the page open in the browser, at the workspace's assets.
 *
 * @param {string} name
 * @param {Options} options
 * @param {(studio: Studio) => Promise<void>} body
 */
export function studioTest(name, { folder: make = starter, browser: options = {}, hasStrangers = false }, body) {
  test(name, { timeout: 240_000 }, async (t) => {
    const folder = make(t);
    const service = await Service.start(t, folder === null ? [] : [folder]);
    const browser = await context(t, options);
    const watch = new Watch();
    if (!hasStrangers) browser.on("page", (page) => watch.follow(page));
    const page = await browser.newPage();
    if (hasStrangers) watch.follow(page);
    try {
      await page.goto(service.url);
      await page.locator("h1").first().waitFor();
      await body({ test: t, service, folder: folder ?? "", browser, page, watch });
    } catch (error) {
      throw Object.assign(new Error(`${error instanceof Error ? error.message : error}\n${await shown(page)}\npage said: ${watch.said.join("\n")}`, { cause: error }));
    }
    assert.deepEqual(watch.unexpected, [], "the page said what it must not");
  });
}

/**
 * What the page shows, for whoever reads of a failure.
 *
 * @param {Page} page
 */
async function shown(page) {
  const text = await page.locator("body").ariaSnapshot({ timeout: 2000 }).catch(() => "(the page cannot be read)");
  return `the page at ${page.url()} shows:\n${text.slice(0, 6000)}`;
}

/**
 * Goes to a part of the project by its link in the rail.
 *
 * @param {Page} page
 * @param {"Assets" | "Diagnostics" | "Activity" | "Build report" | "Quarantine" | "History"} part
 */
export async function go(page, part) {
  await page.getByRole("navigation", { name: "Parts of the project" }).getByRole("link", { name: part }).click();
}

/**
 * The row of an asset in the list, by its address or root.
 *
 * @param {Page} page
 * @param {string} name
 */
export const row = (page, name) => page.getByRole("row").filter({ has: page.getByRole("checkbox", { name: `Select ${name}`, exact: true }) });

/**
 * Removes an asset from the list: the menu that asks what becomes of its files, then the preview sheet.
 *
 * @param {Page} page
 * @param {string} name
 * @param {"Unregister, keep the files" | "Move the files to quarantine…" | "Delete the files…"} how
 */
export async function remove(page, name, how) {
  await row(page, name).getByRole("checkbox").click();
  await page.getByRole("toolbar").getByRole("button", { name: "Remove" }).click();
  await page.getByRole("menuitem", { name: how }).click();
}

/**
 * What was said at the foot of the page.
 *
 * @param {Page} page
 */
export const toasts = (page) => page.locator("#toasts");
