// The layout of the treemap: tiles fill their place, do not overlap, and are in proportion, whatever the sizes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { layout, neighbour, squarify } from "../../page/js/views/treemap.js";

/** Numbers that are the same in every run. @param {number} seed */
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const area = (/** @type {{ width: number, height: number }} */ { width, height }) => width * height;

/** @typedef {import("../../page/js/views/treemap.js").Rect} Rect */

/**
 * @param {Rect} a
 * @param {Rect} b
 */
const common = (a, b) =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) * Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

/**
 * @param {Rect} inner
 * @param {Rect} outer
 */
function assertInside(inner, outer) {
  const slack = 1e-6 * Math.max(outer.width, outer.height);
  assert.ok(inner.x >= outer.x - slack && inner.y >= outer.y - slack, "begins inside");
  assert.ok(inner.x + inner.width <= outer.x + outer.width + slack && inner.y + inner.height <= outer.y + outer.height + slack, "ends inside");
}

test("rectangles fill the place, do not overlap, and are in proportion to the sizes", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const next = numbers(seed);
    const n = 1 + Math.floor(next() * 60);
    // From all the same to six orders of magnitude apart.
    const spread = next() * 6;
    const sizes = Array.from({ length: n }, () => Math.max(1e-3, 10 ** (next() * spread))).sort((a, b) => b - a);
    const rect = { x: next() * 50, y: next() * 50, width: 10 + next() * 2000, height: 10 + next() * 1000 };
    const rects = squarify(sizes, rect);
    assert.equal(rects.length, n);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    let filled = 0;
    rects.forEach((one, index) => {
      assertInside(one, rect);
      filled += area(one);
      const wanted = (/** @type {number} */ (sizes[index]) / total) * area(rect);
      assert.ok(Math.abs(area(one) - wanted) <= 1e-6 * area(rect), `seed ${seed}: ${area(one)} is not ${wanted}`);
      for (const other of rects.slice(index + 1)) assert.ok(common(one, other) <= 1e-6 * area(rect), `seed ${seed}: no overlap`);
    });
    assert.ok(Math.abs(filled - area(rect)) <= 1e-6 * area(rect), `seed ${seed}: nothing is left over`);
  }
});

test("tiles of sizes that are alike are nearly square", () => {
  const rects = squarify(Array(48).fill(1), { x: 0, y: 0, width: 800, height: 600 });
  for (const { width, height } of rects) assert.ok(Math.max(width / height, height / width) < 1.5);
});

/** @typedef {{ bytes: number, name: string, children: Node[] | null }} Node */

/**
 * @param {() => number} next
 * @param {number} depth
 * @returns {Node}
 */
function tree(next, depth) {
  const isLeaf = depth === 0 || next() < 0.3;
  if (isLeaf) return { name: "leaf", bytes: Math.floor(next() * 10 ** (next() * 6)), children: null };
  const children = Array.from({ length: 1 + Math.floor(next() * 12) }, () => tree(next, depth - 1));
  return { name: "folder", bytes: children.reduce((sum, one) => sum + one.bytes, 0), children };
}

test("every byte of a tree is in exactly one tile, and tiles lie in the frame of their folder", () => {
  for (let seed = 1; seed <= 120; seed += 1) {
    const next = numbers(seed);
    const root = { name: "root", bytes: 0, children: Array.from({ length: 1 + Math.floor(next() * 20) }, () => tree(next, 3)) };
    root.bytes = root.children.reduce((sum, one) => sum + one.bytes, 0);
    const rect = { x: 0, y: 0, width: 200 + next() * 1200, height: 150 + next() * 700 };
    const tiles = layout(/** @type {Node} */ (root), rect);
    if (root.bytes === 0) {
      assert.deepEqual(tiles, []);
      continue;
    }
    const shown = tiles.filter((tile) => !tile.isFrame).reduce((sum, tile) => sum + tile.bytes, 0);
    assert.equal(shown, root.bytes);
    /** @type {import("../../page/js/views/treemap.js").Tile<Node>[]} */
    const frames = [];
    for (const tile of tiles) {
      assert.ok(tile.width >= 0 && tile.height >= 0);
      frames.length = tile.depth - 1;
      assertInside(tile, frames.at(-1) ?? rect);
      if (tile.isFrame) frames.push(tile);
    }
    for (let depth = 1; depth <= 4; depth += 1) {
      const level = tiles.filter((tile) => tile.depth === depth);
      for (const [index, one] of level.entries()) for (const other of level.slice(index + 1)) assert.ok(common(one, other) < 1e-3, "no overlap in one depth");
    }
  }
});

test("what is too small to be seen is one tile with its number, and comes last", () => {
  const children = [{ bytes: 1e6, children: null }, ...Array.from({ length: 5000 }, () => ({ bytes: 1, children: null }))];
  const tiles = layout({ bytes: 1e6 + 5000, children }, { x: 0, y: 0, width: 400, height: 300 });
  assert.equal(tiles.length, 2);
  assert.deepEqual([tiles[1]?.n, tiles[1]?.bytes], [5000, 5000]);
});

test("a map of many thousands has no more tiles than can be seen", () => {
  const next = numbers(7);
  const children = Array.from({ length: 100_000 }, () => ({ bytes: 1 + Math.floor(10 ** (next() * 5)), children: null }));
  const began = performance.now();
  const tiles = layout({ bytes: 0, children }, { x: 0, y: 0, width: 1000, height: 500 });
  assert.ok(tiles.length < 8000, String(tiles.length));
  assert.ok(performance.now() - began < 2000);
});

test("nothing is laid out where there is nothing, or no room", () => {
  const empty = { x: 0, y: 0, width: 100, height: 100 };
  assert.deepEqual(layout({ bytes: 0, children: [] }, empty), []);
  assert.deepEqual(layout({ bytes: 0, children: [{ bytes: 0 }] }, empty), []);
  assert.deepEqual(layout({ bytes: 5, children: [{ bytes: 5 }] }, { ...empty, width: 0 }), []);
});

test("the arrow keys go to the tile that lies there, and every tile can be reached", () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const next = numbers(seed);
    const sizes = Array.from({ length: 2 + Math.floor(next() * 30) }, () => 1 + next() * 100).sort((a, b) => b - a);
    const tiles = squarify(sizes, { x: 0, y: 0, width: 900, height: 400 });
    const [first] = tiles;
    assert.ok(first);
    const reached = new Set([first]);
    const open = [first];
    for (let tile = open.pop(); tile; tile = open.pop()) {
      for (const direction of /** @type {const} */ (["left", "right", "up", "down"])) {
        const to = neighbour(tiles, tile, direction);
        if (!to) continue;
        if (direction === "right") assert.ok(to.x >= tile.x + tile.width - 1.001);
        if (direction === "up") assert.ok(to.y + to.height <= tile.y + 1.001);
        if (!reached.has(to)) open.push(to);
        reached.add(to);
      }
    }
    assert.equal(reached.size, tiles.length, `seed ${seed}`);
  }
});
