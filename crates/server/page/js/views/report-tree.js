// @ts-check
// What is in the pack as a tree, by folder or by kind: what the treemap and its list show.

/** @import { ReportAsset, ReportRest } from "./report-data.js" */

import { number } from "../format.js";

/**
 * @typedef {object} Node
 * @property {string} key Its place in the tree: names with `/` between them.
 * @property {string} name
 * @property {number} bytes
 * @property {number} n How many assets it is.
 * @property {string} kind The kind that most of its bytes are of.
 * @property {Node[] | null} children
 * @property {ReportAsset | null} asset
 */

/**
 * By folder: the roots' own.
 *
 * @param {ReportAsset[]} assets
 * @param {ReportRest[]} rest
 * @returns {Node}
 */
export function byFolder(assets, rest) {
  const root = folder("", "");
  for (const asset of assets) {
    const names = asset.root.split("/");
    const name = names.pop() ?? asset.root;
    const inside = descend(root, names);
    inside.children?.push(leaf(`${inside.key ? `${inside.key}/` : ""}${name}`, name, asset));
  }
  for (const one of rest) {
    const inside = descend(root, one.folder.split("/").filter(Boolean));
    inside.children?.push(others(`${inside.key}/…`, one));
  }
  return settled(root);
}

/**
 * By kind, and within one by asset.
 *
 * @param {ReportAsset[]} assets
 * @param {ReportRest[]} rest
 * @returns {Node}
 */
export function byKind(assets, rest) {
  const root = folder("", "");
  /** @param {string} kind */
  const of = (kind) => descend(root, [kind]);
  for (const asset of assets) of(asset.kind).children?.push(leaf(`${asset.kind}/${asset.root}`, asset.root.split("/").at(-1) ?? asset.root, asset));
  for (const one of rest) of(one.kind).children?.push(others(`${one.kind}/${one.folder}/…`, one));
  return settled(root, false);
}

/**
 * The nodes from the root to the one of a key; as far as they are there.
 *
 * @param {Node} root
 * @param {string} key
 * @returns {[Node, ...Node[]]}
 */
export function path(root, key) {
  /** @type {[Node, ...Node[]]} */
  const out = [root];
  let now = root;
  while (now.key !== key) {
    const next = now.children?.find((one) => one.children && (one.key === key || key.startsWith(`${one.key}/`)));
    if (!next) break;
    out.push(next);
    now = next;
  }
  return out;
}

/**
 * @param {string} key
 * @param {string} name
 * @returns {Node}
 */
const folder = (key, name) => ({ key, name, bytes: 0, n: 0, kind: "raw", children: [], asset: null });

/**
 * @param {string} key
 * @param {string} name
 * @param {ReportAsset} asset
 * @returns {Node}
 */
const leaf = (key, name, asset) => ({ key, name, bytes: asset.stored, n: 1, kind: asset.kind, children: null, asset });

/**
 * @param {string} key
 * @param {ReportRest} rest
 * @returns {Node}
 */
const others = (key, rest) => ({ key, name: `${number(rest.n)} smaller`, bytes: rest.bytes, n: rest.n, kind: rest.kind, children: null, asset: null });

/** @type {WeakMap<Node, Map<string, Node>>} */
const folders = new WeakMap();

/**
 * @param {Node} from
 * @param {string[]} names
 */
function descend(from, names) {
  let now = from;
  for (const name of names) {
    let known = folders.get(now);
    if (!known) folders.set(now, (known = new Map()));
    let next = known.get(name);
    if (!next) {
      next = folder(now.key ? `${now.key}/${name}` : name, name);
      known.set(name, next);
      now.children?.push(next);
    }
    now = next;
  }
  return now;
}

/**
 * With sums; a folder that holds nothing but one folder is one with it; the largest first.
 *
 * @param {Node} node
 * @param {boolean} [joins]
 * @returns {Node}
 */
function settled(node, joins = true) {
  if (!node.children) return node;
  const children = node.children.map((one) => settled(one, joins)).sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
  const [only] = children;
  if (joins && node.key && children.length === 1 && only?.children) return { ...only, name: `${node.name}/${only.name}` };
  /** @type {Map<string, number>} */
  const kinds = new Map();
  for (const one of children) kinds.set(one.kind, (kinds.get(one.kind) ?? 0) + one.bytes);
  const bytes = children.reduce((sum, one) => sum + one.bytes, 0);
  const [kind, most] = [...kinds].sort((a, b) => b[1] - a[1])[0] ?? ["raw", 0];
  return { ...node, children, bytes, n: children.reduce((sum, one) => sum + one.n, 0), kind: most * 10 >= bytes * 8 ? kind : "mixed" };
}
