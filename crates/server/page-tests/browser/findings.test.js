// Findings: what the doctor says, what a code means, and the fixes that are safe.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { starter } from "../support/folders.js";
import { go, studioTest } from "../support/studio.js";

/** A manifest with a field that nobody knows, and one that is a slip of the pen. @param {import("../support/folders.js").Test} test */
function untidy(test) {
  const folder = starter(test);
  // The same address twice is structural; what is left beside a root is hygiene.
  const [one, other] = ["assets/audio/coin/asset.json", "assets/audio/jump/asset.json"].map((name) => join(folder, name));
  const manifest = JSON.parse(readFileSync(/** @type {string} */ (one), "utf8"));
  const second = JSON.parse(readFileSync(/** @type {string} */ (other), "utf8"));
  writeFileSync(/** @type {string} */ (other), JSON.stringify({ ...second, address: manifest.address, lables: ["x"] }, null, 2));
  writeFileSync(join(folder, "assets/audio/coin/coin (copy).wav"), readFileSync(join(folder, "assets/audio/coin/coin.wav")));
  return folder;
}

studioTest("the doctor's findings stand structural and hygiene apart, and each code is explained", { folder: untidy }, async ({ page, service }) => {
  const { data } = await service.done("doctor", { scope: "workspace" });
  const codes = Object.keys(data.counts);
  assert.ok(codes.some((code) => code.startsWith("S")) && codes.some((code) => code.startsWith("H")), String(codes));
  await page.getByRole("button", { name: "Doctor" }).click();
  await page.getByRole("heading", { name: "Structural" }).waitFor();
  await page.getByRole("heading", { name: "Hygiene" }).waitFor();
  for (const code of codes) await page.getByRole("main").getByText(code, { exact: true }).filter({ visible: true }).first().waitFor();
});

studioTest("safe fixes are previewed and applied from the page, and then they are found no more", { folder: untidy }, async ({ page, service }) => {
  await go(page, "Diagnostics");
  await page.getByRole("main").getByText("S203", { exact: true }).or(page.getByRole("main").getByText("H315", { exact: true })).filter({ visible: true }).first().waitFor();
  const before = Object.values((await service.done("doctor", { scope: "workspace" })).data.counts).length;
  await page.getByRole("button", { name: /Fix all that is safe|Fix all|fix.*safe/i }).first().click();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("button", { name: /^(Apply|Move the files)$/ }).click();
  await sheet.waitFor({ state: "detached" });
  const after = Object.values((await service.done("doctor", { scope: "workspace" })).data.counts).length;
  assert.ok(after < before);
});
