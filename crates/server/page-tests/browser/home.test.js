// The home page: opening workspaces, and making one of a folder of art.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { emptyFolder, png, starter, write } from "../support/folders.js";
import { row, studioTest } from "../support/studio.js";

const ART = { "assets/ui/button/button.png": png(1), "assets/ui/panel/panel.png": png(2), "assets/words/intro/intro.txt": "hello\n" };

studioTest("a folder that is a workspace is opened by its path and is then one of the projects", { folder: () => null }, async ({ test, page, service }) => {
  const folder = starter(test);
  await page.getByLabel("Folder", { exact: true }).fill(folder);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByRole("heading", { name: "starter", level: 1 }).waitFor();
  await page.getByTitle("All projects").click();
  await page.getByRole("link", { name: "starter" }).getByText("healthy").waitFor();
  assert.match(page.url(), new RegExp(`^${service.origin}/`));
});

studioTest("a folder of art becomes a workspace, and its folders are registered from the page", { folder: () => null }, async ({ test, page, watch }) => {
  const folder = emptyFolder(test);
  write(folder, ART);
  watch.expect(/status of 409/);
  await page.getByLabel("Folder", { exact: true }).fill(folder);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByText("no_workspace").waitFor();
  await page.getByLabel("Name of a new workspace").fill("adopted");
  await page.getByRole("button", { name: "Make a workspace of it" }).click();
  await page.getByRole("heading", { name: "adopted", level: 1 }).waitFor();
  assert.ok(existsSync(join(folder, "packwright.toml")));
  await page.getByRole("heading", { name: "No assets yet" }).waitFor();
  await page.getByRole("button", { name: "Register a folder…" }).first().click();
  await page.getByLabel("Folders", { exact: true }).fill("ui/button\nui/panel\nwords/intro");
  await page.getByRole("dialog").getByRole("button", { name: "Register", exact: true }).click();
  for (const address of ["ui/button", "ui/panel", "words/intro"]) await row(page, address).waitFor();
  assert.ok(existsSync(join(folder, "assets/ui/button/asset.json")));
});

studioTest("an empty path is asked for and one that is no folder says so", { folder: () => null }, async ({ test, page, watch }) => {
  watch.expect(/status of (409|422|500)/);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByText("Say which folder.").waitFor();
  await page.getByLabel("Folder", { exact: true }).fill("relative/path");
  await page.keyboard.press("Enter");
  await page.getByText("bad_request").waitFor();
  await page.getByLabel("Folder", { exact: true }).fill(join(emptyFolder(test), "nothing"));
  await page.keyboard.press("Enter");
  await page.getByText("no_workspace").waitFor();
});
