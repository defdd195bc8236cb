// Builds: progress, the report, cancelling, and what blocks one.

import assert from "node:assert/strict";
import { existsSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { workspace } from "../support/folders.js";
import { go, row, studioTest, toasts } from "../support/studio.js";

/** So much that a build of it takes its time: a file of more than a gigabyte, of which the disk holds none. @param {import("../support/folders.js").Test} test */
const long = (test) => {
  const folder = workspace(test, { "words/all": { "a.txt": "a word\n", "long.bin": "" } });
  truncateSync(join(folder, "assets/words/all/long.bin"), 1.5 * 2 ** 30);
  return folder;
};

studioTest("a build is run by its button, and the list, the report and the activity tell of it", {}, async ({ page, folder, service }) => {
  await page.getByRole("button", { name: "Build", exact: true }).click();
  await toasts(page).getByRole("button", { name: "See the report" }).click();
  await page.getByRole("heading", { name: "Build report", level: 1 }).waitFor();
  assert.ok(existsSync(join(folder, "build/starter.pack")));
  const { last_build: built } = (await service.done("get_status")).data;
  assert.ok(built);
  await page.getByRole("main").getByText("audio/theme").first().waitFor();
  await go(page, "Assets");
  await row(page, "audio/theme").getByText("just now").waitFor();
  await go(page, "Activity");
  await page.getByRole("list", { name: "Operations" }).getByRole("link", { name: "Build" }).first().click();
  await page.getByRole("main").getByText("build_finished").or(page.getByRole("main").getByText("Build finished")).first().waitFor();
});

studioTest("a build shows how far it is, and one that is cancelled leaves nothing", { folder: long }, async ({ page, folder, service }) => {
  await page.getByRole("button", { name: "Build", exact: true }).click();
  await page.getByRole("banner").getByRole("link", { name: /^Build: / }).waitFor();
  await page.getByRole("button", { name: "Cancel build" }).click();
  await toasts(page).getByText(/cancelled/i).waitFor();
  await page.getByRole("button", { name: "Build", exact: true }).waitFor();
  assert.ok(!existsSync(join(folder, "build/game.pack")));
  assert.equal((await service.done("get_status")).data.last_build, null);
  await go(page, "Activity");
  await page.getByRole("list", { name: "Operations" }).getByText("cancelled").first().waitFor();
});

studioTest("what blocks a build is where a blocked build leads", {}, async ({ page, folder, watch }) => {
  watch.expect(/status of 409/);
  writeFileSync(join(folder, "assets/audio/coin/asset.json"), "{ not json");
  await page.getByRole("link", { name: "Diagnostics" }).locator(".count").getByText("1").waitFor();
  await page.getByRole("button", { name: "Build", exact: true }).click();
  await page.getByRole("heading", { name: "Diagnostics", level: 1 }).waitFor();
  await page.getByRole("main").getByText("assets/audio/coin/asset.json").first().waitFor();
  assert.ok(!existsSync(join(folder, "build/starter.pack")));
});
