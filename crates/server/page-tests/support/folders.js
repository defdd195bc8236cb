// Folders for tests: copies of the example, folders of art, big workspaces. Each is gone when its test ends.

import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const REPOSITORY = fileURLToPath(new URL("../../../../", import.meta.url));

/** @typedef {{ after: (work: () => unknown) => void }} Test */

/**
 * A folder that is empty.
 *
 * @param {Test} test
 */
export function emptyFolder(test) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "packwright-page-")));
  test.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/**
 * A copy of the example workspace.
 *
 * @param {Test} test
 */
export function starter(test) {
  const folder = join(emptyFolder(test), "starter");
  cpSync(join(REPOSITORY, "examples/starter"), folder, { recursive: true });
  return folder;
}

/**
 * Files by their path below a folder; the folders of these are made.
 *
 * @param {string} folder
 * @param {Record<string, string | Buffer>} files
 */
export function write(folder, files) {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/**
 * A workspace of registered assets, from their sources by root. Identities are made of the root, so that they are the
 * same in each run.
 *
 * @param {Test} test
 * @param {Record<string, Record<string, string | Buffer>>} assets
 */
export function workspace(test, assets) {
  const folder = join(emptyFolder(test), "game");
  const roots = Object.keys(assets).sort();
  const entries = roots.map((root, index) => ({ asset_id: index + 1, uuid: uuid(root), root, included: true }));
  write(folder, {
    "packwright.toml": `schema = 1\n\n[project]\nid = "${uuid(folder)}"\nname = "game"\n`,
    "packwright.registry.json": `{\n  "schema": 1,\n  "assets": [\n${entries.map((entry) => `    ${JSON.stringify(entry)}`).join(",\n")}\n  ]\n}\n`,
    "assets/.keep": "",
  });
  for (const root of roots) {
    const address = root.split("/").map((name) => name.toLowerCase().replace(/[^a-z0-9._-]+/g, "-").replace(/^[-._]+|[-._]+$/g, "")).join("/");
    const manifest = { schema: 1, uuid: uuid(root), address };
    write(join(folder, "assets", root), { "asset.json": JSON.stringify(manifest, null, 2), ...assets[root] });
  }
  return folder;
}

/** @param {string} name */
function uuid(name) {
  const digits = createHash("sha256").update(name).digest("hex").slice(0, 32).split("");
  digits[12] = "7";
  digits[16] = "8";
  return digits.join("").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * A PNG of one pixel, of a colour of its own.
 *
 * @param {number} colour
 */
export function png(colour = 0) {
  const chunk = (/** @type {string} */ type, /** @type {Buffer} */ data) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
  const row = Buffer.from([0, colour & 255, (colour >> 8) & 255, (colour >> 16) & 255]);
  // One stored block of zlib: no compressor is needed for four bytes.
  let [a, b] = [1, 0];
  for (const byte of row) [a, b] = [(a + byte) % 65521, (b + a + byte) % 65521];
  const stored = Buffer.concat([Buffer.from([0x78, 0x01, 1, 4, 0, 0xfb, 0xff]), row, Buffer.from([b >> 8, b & 255, a >> 8, a & 255])]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", stored), chunk("IEND", Buffer.alloc(0))]);
}

/** @param {Buffer} bytes */
function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
