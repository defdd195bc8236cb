// Previews: what a change would do, consent, and plans that the world overtakes.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { go, remove, row, studioTest, toasts } from "../support/studio.js";

studioTest("a plan that an outside change overtakes is refused, says what changed, and can be made anew", {}, async ({ page, folder, watch }) => {
  watch.expect(/status of 409/);
  await remove(page, "ui/button", "Move the files to quarantine…");
  const sheet = page.getByRole("dialog");
  await sheet.getByText("Addresses that vanish (1)").waitFor();
  await sheet.getByText("− ui/button").waitFor();
  writeFileSync(join(folder, "assets/ui/button/another.png"), "changed meanwhile");
  await sheet.getByRole("button", { name: "Move the files" }).click();
  await sheet.getByRole("heading", { name: "The workspace changed since this plan was made" }).waitFor();
  await sheet.getByText("assets/ui/button").first().waitFor();
  assert.ok(existsSync(join(folder, "assets/ui/button/asset.json")), "nothing was done");
  await sheet.getByRole("button", { name: "Make a new plan" }).click();
  await sheet.getByRole("button", { name: "Move the files" }).click();
  await sheet.waitFor({ state: "detached" });
  assert.ok(!existsSync(join(folder, "assets/ui/button")));
});

studioTest("what goes to quarantine is listed there, and comes back by its restore", {}, async ({ page, folder }) => {
  const manifest = readFileSync(join(folder, "assets/ui/button/asset.json"));
  await remove(page, "ui/button", "Move the files to quarantine…");
  await page.getByRole("dialog").getByRole("button", { name: "Move the files" }).click();
  await row(page, "ui/button").waitFor({ state: "detached" });
  await page.getByRole("group", { name: "Which assets" }).getByRole("button", { name: "Quarantined" }).click();
  await row(page, "ui/button").getByTitle("It waits in quarantine").waitFor();
  assert.ok(!existsSync(join(folder, "assets/ui/button")));
  await go(page, "Quarantine");
  await page.getByRole("main").getByText("ui/button").first().waitFor();
  await page.getByRole("main").getByRole("button", { name: "Restore" }).first().click();
  const sheet = page.getByRole("dialog");
  await sheet.getByText("+ ui/button").waitFor();
  await sheet.getByRole("button", { name: "Move the files" }).click();
  await sheet.waitFor({ state: "detached" });
  assert.deepEqual(readFileSync(join(folder, "assets/ui/button/asset.json")), manifest);
  await go(page, "Assets");
  await row(page, "ui/button").getByRole("switch", { checked: true }).waitFor();
});

studioTest("deleting asks for the address as a word, and does nothing before it is right", {}, async ({ page, folder }) => {
  await remove(page, "ui/button", "Delete the files…");
  const sheet = page.getByRole("dialog");
  const apply = sheet.getByRole("button", { name: "Delete for good" });
  await apply.waitFor();
  assert.ok(await apply.isDisabled());
  await sheet.getByLabel("To agree, type").fill("ui/butto");
  assert.ok(await apply.isDisabled());
  await page.keyboard.press("Enter");
  assert.ok(existsSync(join(folder, "assets/ui/button/asset.json")));
  await sheet.getByLabel("To agree, type").fill("ui/button");
  await apply.click();
  await sheet.waitFor({ state: "detached" });
  assert.ok(!existsSync(join(folder, "assets/ui/button")));
});

studioTest("an edited address is shown as one that vanishes and one that appears before it is saved", {}, async ({ page, service, folder, watch }) => {
  // Whether the address is free is asked by its name: it is not found.
  watch.expect(/status of 409/);
  await row(page, "ui/button").click();
  await page.getByLabel("Address", { exact: true }).fill("ui/knob");
  await page.getByRole("button", { name: "Save…" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByText("− ui/button").waitFor();
  await sheet.getByText("+ ui/knob").waitFor();
  await sheet.getByRole("button", { name: "Apply" }).click();
  await row(page, "ui/knob").waitFor();
  assert.equal(await row(page, "ui/button").count(), 0);
  assert.match(readFileSync(join(folder, "assets/ui/button/asset.json"), "utf8"), /"address": "ui\/knob"/);
  const { addressables } = (await service.done("get_compile_surface")).data;
  assert.ok(addressables.some((/** @type {{ address: string }} */ one) => one.address === "ui/knob"));
});

studioTest("an asset leaves the build and comes back by one click each, and the change can be undone", {}, async ({ page, service }) => {
  const isIncluded = async () => (await service.done("get_asset_details", { selector: "ui/button" })).data.asset.included;
  await row(page, "ui/button").getByRole("switch").click();
  await row(page, "ui/button").getByRole("switch", { checked: false }).waitFor();
  assert.equal(await isIncluded(), false);
  await toasts(page).getByRole("button", { name: "Undo…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Apply" }).click();
  await row(page, "ui/button").getByRole("switch", { checked: true }).waitFor();
  assert.equal(await isIncluded(), true);
});
