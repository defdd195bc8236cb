// Findings: what the doctor says, what a code means, and the fixes that are safe.

import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { starter } from "../support/folders.js";
import { go, studioTest } from "../support/studio.js";

/**
 * A copied folder, a registry that is not in its form, and an address that two assets have.
 *
 * @param {import("../support/folders.js").Test} test
 */
function untidy(test) {
  const folder = starter(test);
  cpSync(join(folder, "assets/audio/coin"), join(folder, "assets/audio/coin-copy"), { recursive: true });
  const registry = join(folder, "packwright.registry.json");
  writeFileSync(registry, JSON.stringify(JSON.parse(readFileSync(registry, "utf8")), null, 4));
  const manifest = join(folder, "assets/audio/jump/asset.json");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace('"audio/jump"', '"audio/coin"'));
  return folder;
}

studioTest("the doctor's findings stand structural and hygiene apart, and each code is explained", { folder: untidy }, async ({ page, service }) => {
  const { data } = await service.done("doctor", { scope: "workspace" });
  const codes = Object.keys(data.counts);
  assert.ok(codes.some((code) => code.startsWith("S")) && codes.some((code) => code.startsWith("H")), String(codes));
  await page.getByRole("button", { name: "Doctor" }).click();
  await page.getByRole("heading", { name: "Structural", exact: true }).waitFor();
  await page.getByRole("heading", { name: "Hygiene", exact: true }).waitFor();
  for (const code of codes) await page.getByRole("main").getByText(code, { exact: true }).filter({ visible: true }).first().waitFor();
});

studioTest("safe fixes are previewed and applied from the page, and then they are found no more", { folder: untidy }, async ({ page, service }) => {
  const safe = async () => (await service.done("doctor", { scope: "workspace" })).diagnostics.filter((one) => one.fix?.applicability === "safe").length;
  const before = await safe();
  assert.ok(before >= 2);
  await go(page, "Diagnostics");
  await page.getByRole("button", { name: `Fix all that is safe (${before})…` }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("button", { name: "Apply" }).click();
  await sheet.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Fix all that is safe" }).waitFor({ state: "hidden" });
  assert.equal(await safe(), 0);
});

studioTest("what is wrong turns up among the findings without a reload, and goes when it is mended", {}, async ({ page, folder }) => {
  await go(page, "Diagnostics");
  await page.getByRole("button", { name: "Look again" }).waitFor();
  const manifest = join(folder, "assets/audio/coin/asset.json");
  const good = readFileSync(manifest);
  writeFileSync(manifest, "{ not json");
  const finding = page.getByRole("main").getByText("assets/audio/coin/asset.json").first();
  await finding.waitFor();
  writeFileSync(manifest, good);
  await finding.waitFor({ state: "detached" });
});
