// Every part of the page is for everybody, light and dark.

import { go, studioTest } from "../support/studio.js";
import { isForEverybody } from "../support/axe.js";
import { live, PARTS, silent } from "../support/tour.js";

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  studioTest(`axe finds nothing in any part of the page, ${colorScheme}`, { browser: { colorScheme, reducedMotion: "reduce" } }, async ({ page, service, folder, watch }) => {
    watch.expect(/status of 40[49]/);
    await live(service, folder);
    for (const [name, come] of PARTS) {
      await come(page);
      await isForEverybody(page, `${name}, ${colorScheme}`);
      await silent(page);
    }
    await go(page, "Assets");
  });
}
