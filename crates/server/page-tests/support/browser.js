// A real browser, and everything that a page must not say in it.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { after } from "node:test";

import { chromium } from "playwright-core";

/** @import { Browser, BrowserContextOptions, Page } from "playwright-core" */

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The browser of this machine. */
export function findChromium() {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  if (!found) throw new Error(`no Chromium on PATH (looked for ${NAMES.join(", ")}): install one, on Debian \`apt-get install chromium\``);
  return found;
}

/** How long a condition may take to come true. */
export const PATIENCE_MS = 30_000;

/** @type {Promise<Browser> | null} */
let launched = null;

after(async () => (await launched)?.close());

/** One for all tests of a file. */
function browser() {
  launched ??= chromium.launch({
    executablePath: findChromium(),
    args: [
      // A name of a stranger's that leads to this machine.
      "--host-resolver-rules=MAP rebound.test 127.0.0.1",
      // Containers run as root and have little shared memory.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-dev-shm-usage",
    ],
  });
  return launched;
}

/**
 * A browser of its own as far as cookies go.
 *
 * @param {{ after: (work: () => unknown) => void }} test
 * @param {BrowserContextOptions} [options]
 */
export async function context(test, options = {}) {
  const made = await (await browser()).newContext({ viewport: { width: 1440, height: 900 }, ...options });
  test.after(() => made.close());
  made.setDefaultTimeout(PATIENCE_MS);
  return made;
}

/** What pages said that they must not; a test ends with none that it did not expect. */
export class Watch {
  /** @type {string[]} */
  said = [];
  /** @type {RegExp[]} */
  #expected = [];

  /**
   * What this test brings about itself, such as the answer to what is blocked.
   *
   * @param {RegExp} what
   */
  expect(what) {
    this.#expected.push(what);
  }

  /** What nobody expected. */
  get unexpected() {
    return this.said.filter((one) => !this.#expected.some((what) => what.test(one)));
  }

  /** @param {Page} page */
  follow(page) {
    // A violation of the content policy is an error in the console too.
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.said.push(`console: ${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => this.said.push(`error: ${error.stack ?? error.message}`));
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // The page stops what it does not want to know any more.
      if (why !== "net::ERR_ABORTED") this.said.push(`request: ${why} ${request.method()} ${request.url()}`);
    });
    page.on("dialog", (dialog) => {
      this.said.push(`dialog: ${dialog.message()}`);
      dialog.dismiss().catch(() => {});
    });
  }
}
