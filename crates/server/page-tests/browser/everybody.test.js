// Every part of the page is for everybody, light and dark.

import assert from "node:assert/strict";

import { studioTest } from "../support/studio.js";
import { obstacles } from "../support/axe.js";
import { live, PARTS, silent } from "../support/tour.js";

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  studioTest(`axe finds nothing in any part of the page, ${colorScheme}`, { browser: { colorScheme, reducedMotion: "reduce" } }, async ({ page, service, folder, watch }) => {
    watch.expect(/status of 40[49]/);
    await live(service, folder);
    const found = [];
    for (const [name, come] of PARTS) {
      await come(page);
      found.push(...(await obstacles(page)).map((one) => `${name}: ${one}`));
      await silent(page);
    }
    assert.deepEqual(found, []);
  });
}
