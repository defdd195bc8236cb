// Pictures of every part of the page, light and dark, for docs/studio: `cargo xtask screenshots`.

import { cpSync, mkdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { context } from "./support/browser.js";
import { REPOSITORY } from "./support/folders.js";
import { Service } from "./support/service.js";
import { live, PARTS, silent } from "./support/tour.js";

const PICTURES = join(REPOSITORY, "docs/studio");
/** What all of them together may take. */
const MOST_BYTES = 4 << 20;

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(`pictures, ${colorScheme}`, async (t) => {
    // A path that a picture may show.
    const games = join(tmpdir(), "games");
    const folder = join(games, "starter");
    rmSync(games, { recursive: true, force: true });
    mkdirSync(games);
    t.after(() => rmSync(games, { recursive: true, force: true }));
    cpSync(join(REPOSITORY, "examples/starter"), folder, { recursive: true });
    const service = await Service.start(t, [folder]);
    const page = await (await context(t, { colorScheme, reducedMotion: "reduce" })).newPage();
    await page.goto(service.url);
    await page.locator("h1").first().waitFor();
    await live(service, folder);
    for (const [name, come] of PARTS) {
      await come(page);
      await silent(page);
      await page.screenshot({ path: join(PICTURES, `${name}-${colorScheme}.png`), animations: "disabled", caret: "hide" });
    }
  });
}

test("all pictures together are small", () => {
  const sizes = PARTS.flatMap(([name]) => ["light", "dark"].map((scheme) => statSync(join(PICTURES, `${name}-${scheme}.png`)).size));
  const sum = sizes.reduce((all, one) => all + one, 0);
  if (sum > MOST_BYTES) throw new Error(`${sum} bytes; at most ${MOST_BYTES} are kept`);
});
