// @ts-check
// Where the tiles of a treemap lie. Numbers in, numbers out: nothing here knows of elements.
//
// Squarified (Bruls, Huizing, van Wijk, 2000): tiles are laid in rows along the shorter side of what is left, and a row
// grows as long as its tiles become squarer.

/**
 * What is laid out: a thing of some size, with or without others in it.
 *
 * @template N
 * @typedef {{ bytes: number, children?: N[] | null }} Sized
 */

/** @typedef {{ x: number, y: number, width: number, height: number }} Rect */

/**
 * A tile. `depth` is 1 for what lies in the root; `isFrame` says that others lie in it; `n` of more than one that it stands
 * for so many of its folder, each too small to be seen.
 *
 * @template N
 * @typedef {Rect & { node: N, depth: number, isFrame: boolean, n: number, bytes: number }} Tile
 */

/**
 * Rectangles for sizes, in their order; the largest first makes them squarest. Their areas are in proportion, and together
 * they are the whole rectangle.
 *
 * @param {number[]} sizes None of them 0 or less.
 * @param {Rect} rect
 * @returns {Rect[]}
 */
export function squarify(sizes, rect) {
  /** @type {Rect[]} */
  const out = [];
  let { x, y, width, height } = rect;
  let left = sizes.reduce((sum, size) => sum + size, 0);
  let at = 0;
  while (at < sizes.length) {
    const scale = (width * height) / left;
    const side = Math.min(width, height);
    let end = at;
    let [sum, worst, least, most] = [0, Infinity, Infinity, 0];
    for (; end < sizes.length; end += 1) {
      const size = /** @type {number} */ (sizes[end]);
      [least, most] = [Math.min(least, size), Math.max(most, size)];
      const now = worstRatio(most * scale, least * scale, (sum + size) * scale, side);
      if (now > worst) break;
      [sum, worst] = [sum + size, now];
    }
    // The last row takes what is left, so that nothing is lost to rounding.
    const isLast = end === sizes.length;
    const isColumn = width >= height;
    const thickness = isLast ? (isColumn ? width : height) : (sum * scale) / side;
    let along = isColumn ? y : x;
    for (let index = at; index < end; index += 1) {
      const length = (/** @type {number} */ (sizes[index]) / sum) * side;
      out.push(isColumn ? { x, y: along, width: thickness, height: length } : { x: along, y, width: length, height: thickness });
      along += length;
    }
    if (isColumn) [x, width] = [x + thickness, width - thickness];
    else [y, height] = [y + thickness, height - thickness];
    left -= sum;
    at = end;
  }
  return out;
}

/**
 * How far from square the worst tile of a row is.
 *
 * @param {number} largest
 * @param {number} smallest
 * @param {number} sum
 * @param {number} side
 */
function worstRatio(largest, smallest, sum, side) {
  const square = sum * sum;
  return Math.max((side * side * largest) / square, square / (side * side * smallest));
}

/** What a frame keeps of its own: a line for its name, and an edge. */
export const HEAD = 20;
export const EDGE = 3;
/** A tile of fewer square pixels is not seen: those are one tile together. */
export const SMALLEST = 64;
const FRAME_WIDTH = 72;
const FRAME_HEIGHT = 54;

/**
 * The tiles of what lies in `root`, those that hold others before what they hold.
 *
 * @template {Sized<N>} N
 * @param {N} root
 * @param {Rect} rect
 * @param {number} [depth]
 * @returns {Tile<N>[]}
 */
export function layout(root, rect, depth = 1) {
  const all = (root.children ?? []).filter((node) => node.bytes > 0).sort((a, b) => b.bytes - a.bytes);
  const total = all.reduce((sum, node) => sum + node.bytes, 0);
  if (!total || rect.width <= 0 || rect.height <= 0) return [];
  const least = (SMALLEST / (rect.width * rect.height)) * total;
  const firstSmall = all.findIndex((node) => node.bytes < least);
  const from = firstSmall < 0 || all.length - firstSmall < 2 ? all.length : firstSmall;
  const small = all.slice(from);
  /** @type {{ node: N, bytes: number, n: number }[]} */
  const laid = all.slice(0, from).map((node) => ({ node, bytes: node.bytes, n: 1 }));
  const [first] = small;
  // Last, however large they are together: what is seen by itself comes first.
  if (first) laid.push({ node: first, bytes: small.reduce((sum, node) => sum + node.bytes, 0), n: small.length });
  const rects = squarify(laid.map((one) => one.bytes), rect);
  return laid.flatMap((one, index) => {
    const place = /** @type {Rect} */ (rects[index]);
    const isFrame = one.n === 1 && Boolean(one.node.children?.length) && place.width >= FRAME_WIDTH && place.height >= FRAME_HEIGHT;
    /** @type {Tile<N>} */
    const tile = { ...place, node: one.node, bytes: one.bytes, n: one.n, depth, isFrame };
    if (!isFrame) return [tile];
    const inside = { x: place.x + EDGE, y: place.y + HEAD, width: place.width - 2 * EDGE, height: place.height - HEAD - EDGE };
    return [tile, ...layout(one.node, inside, depth + 1)];
  });
}

/**
 * The tile that lies in a direction from another: the nearest of those whose middle is there.
 *
 * @template {Rect} R
 * @param {R[]} tiles
 * @param {R} from
 * @param {"left" | "right" | "up" | "down"} direction
 * @returns {R | null}
 */
export function neighbour(tiles, from, direction) {
  const [mx, my] = middle(from);
  let best = null;
  let least = Infinity;
  for (const tile of tiles) {
    if (tile === from) continue;
    const [x, y] = middle(tile);
    const isAcross = direction === "left" || direction === "right";
    const ahead = { left: from.x - (tile.x + tile.width), right: tile.x - (from.x + from.width), up: from.y - (tile.y + tile.height), down: tile.y - (from.y + from.height) }[direction];
    if (ahead < -1) continue;
    // One that lies beside it, edge to edge, is nearer than any that only lies in that direction.
    const overlap = isAcross ? between(from.y, from.height, tile.y, tile.height) : between(from.x, from.width, tile.x, tile.width);
    const aside = isAcross ? Math.abs(y - my) : Math.abs(x - mx);
    const distance = ahead + (overlap > 0.5 ? aside * 0.1 : aside * 4 + 1000);
    if (distance < least) [best, least] = [tile, distance];
  }
  return best;
}

/** @param {Rect} rect @returns {[number, number]} */
const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];

/**
 * How much two stretches have in common.
 *
 * @param {number} a
 * @param {number} aLength
 * @param {number} b
 * @param {number} bLength
 */
const between = (a, aLength, b, bLength) => Math.min(a + aLength, b + bLength) - Math.max(a, b);
