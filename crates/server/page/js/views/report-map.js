// @ts-check
// The treemap of what is in the pack, and the same as a list: by folder or by kind, to go into and out of.
//
// In the map the keyboard goes from tile to tile of the folder that is shown (arrows), into one (Enter) and out (Escape).
// The tiles inside of those are for the eye and the mouse; the list has all of it for everybody.

/** @import { Project } from "../project.js" */
/** @import { Report } from "./report-data.js" */
/** @import { Node } from "./report-tree.js" */
/** @import { Tile } from "./treemap.js" */

import { fill, h } from "../dom.js";
import { bytes, count, number, percent } from "../format.js";
import { icon } from "../icons.js";
import { go, link, note, route } from "../router.js";
import { byFolder, byKind, path } from "./report-tree.js";
import { layout, neighbour } from "./treemap.js";

const LISTED = 200;
/** @type {Record<string, string>} */
const KIND_WORDS = { image: "images", audio: "audio", data: "data", text: "text", raw: "kept as it is", mixed: "of several kinds" };

/** @param {string} kind */
export const kindWords = (kind) => KIND_WORDS[kind] ?? kind;

/** @typedef {"folder" | "kind"} By */

/**
 * @param {Project} project
 * @param {AbortSignal} until
 */
export function sizeMap(project, until) {
  /** @type {Report | null} */
  let report = null;
  /** @type {Record<By, Node> | null} */
  let trees = null;
  let drawn = "";
  /** @type {Tile<Node>[]} */
  let tiles = [];
  /** @type {Map<HTMLElement, Tile<Node>>} */
  let byElement = new Map();
  /** @type {HTMLElement[]} */
  let stops = [];

  const map = h("div", { class: "treemap", role: "group", "aria-label": "Sizes in the pack", "aria-describedby": "treemap-keys" });
  const tip = h("div", { class: "treemap-tip", hidden: true, "aria-hidden": "true" });
  const stage = h("div", { class: "treemap-stage" }, map, tip);
  const table = h("div", { class: "treemap-list" });
  const crumbs = h("nav", { class: "crumbs", "aria-label": "Where in the pack" });
  const legend = h("ul", { class: "legend", "aria-label": "Kinds" });
  const ways = segments("What is told apart", [["folder", "By folder"], ["kind", "By kind"]], (by) => note({ by: by === "folder" ? null : by, in: null }));
  const shapes = segments("How it is shown", [["map", "Map"], ["list", "List"]], (as) => note({ as: as === "map" ? null : as }));
  const element = h(
    "section",
    { class: "card sizes", "aria-labelledby": "sizes-title" },
    h("header", null, h("h2", { id: "sizes-title", class: "grow" }, "Where the bytes are"), ways.element, shapes.element),
    h("div", { class: "sizes-bar" }, crumbs, legend),
    stage, table,
    h("p", { class: "visually-hidden", id: "treemap-keys" }, "Arrow keys go from tile to tile, Enter opens one, Escape goes back out."),
  );

  const by = () => /** @type {By} */ (route.get().query.get("by") === "kind" ? "kind" : "folder");
  const isList = () => route.get().query.get("as") === "list";
  const inside = () => route.get().query.get("in") ?? "";

  /** @returns {[Node, ...Node[]] | null} */
  const way = () => (trees ? path(trees[by()], inside()) : null);

  const draw = () => {
    const nodes = way();
    if (!nodes || !report) return;
    const node = nodes.at(-1) ?? nodes[0];
    ways.update(by());
    shapes.update(isList() ? "list" : "map");
    stage.hidden = isList();
    table.hidden = !isList();
    drawCrumbs(nodes);
    if (isList()) drawList(node);
    else drawMap(node);
  };

  /** @param {[Node, ...Node[]]} nodes */
  const drawCrumbs = (nodes) => {
    const had = crumbs.contains(document.activeElement);
    const all = nodes.map((node, index) => {
      const name = index === 0 ? "Whole pack" : by() === "kind" ? kindWords(node.name) : node.name;
      const isHere = index === nodes.length - 1;
      return h(
        "li",
        { class: "row" },
        index ? icon("chevron") : null,
        isHere ? h("span", { class: "crumb-here cut", "aria-current": "true" }, name) : h("button", { class: "crumb cut", on: { click: () => enter(nodes[index] ?? nodes[0], nodes[index + 1] ?? null) } }, name),
      );
    });
    const node = nodes.at(-1) ?? nodes[0];
    fill(crumbs, h("ol", { class: "row" }, all), h("span", { class: "faint small crumb-size" }, `${bytes(node.bytes)}, ${count(node.n, "asset")}`));
    if (had) crumbs.querySelector("button")?.focus();
  };

  /**
   * Shows a folder or kind from inside.
   *
   * @param {Node} node
   * @param {Node | null} from The one that was left, which has the focus then.
   */
  const enter = (node, from) => {
    const hadFocus = element.contains(document.activeElement);
    note({ in: node.key || null });
    if (!hadFocus || isList()) return;
    const to = from ? stops.find((one) => byElement.get(one)?.node.key === from.key) : null;
    (to ?? stops[0])?.focus();
  };

  const leave = () => {
    const nodes = way();
    if (nodes && nodes.length > 1) enter(nodes.at(-2) ?? nodes[0], nodes.at(-1) ?? null);
  };

  /** @param {Node} node */
  const open = (node) => {
    if (node.children) enter(node, null);
    else if (node.asset?.isThere) go(link(project.id, "assets", { asset: node.asset.root }));
  };

  /** @param {Node} node */
  const drawMap = (node) => {
    const width = Math.floor(map.clientWidth);
    const height = Math.floor(map.clientHeight);
    const key = `${by()} ${node.key} ${width} ${height}`;
    if (key === drawn || !width || !height) return;
    drawn = key;
    tip.hidden = true;
    const had = byElement.get(/** @type {HTMLElement} */ (document.activeElement))?.node.key;
    tiles = layout(node, { x: 0, y: 0, width, height });
    byElement = new Map();
    stops = [];
    const made = tiles.map((tile) => {
      const one = tile.depth === 1 ? stop(tile, node) : plain(tile);
      byElement.set(one, tile);
      if (tile.depth === 1) stops.push(one);
      return one;
    });
    const first = stops.find((one) => byElement.get(one)?.node.key === had) ?? stops[0];
    first?.setAttribute("tabindex", "0");
    fill(map, made);
    if (had) first?.focus({ preventScroll: true });
  };

  /**
   * A tile that the keyboard reaches.
   *
   * @param {Tile<Node>} tile
   * @param {Node} parent
   */
  const stop = (tile, parent) => {
    const shown = label(tile);
    const said = shown ? "" : `${nameOf(tile)}, `;
    const more = `${said}${bytes(tile.bytes)}, ${percent(tile.bytes / Math.max(1, parent.bytes))}${tile.node.children ? `, ${count(tile.node.n, "asset")}` : ""}`;
    return place(h("button", { class: tileClass(tile), tabindex: "-1" }, shown, h("span", { class: "visually-hidden" }, shown ? `, ${more}` : more)), tile);
  };

  /** @param {Tile<Node>} tile */
  const plain = (tile) => {
    // Most are small, and there are many: their name is their own text, without an element around it.
    const isBare = !tile.isFrame && tile.width >= 42 && tile.height >= 17 && (tile.width < 90 || tile.height < 36);
    return place(h("div", { class: `${tileClass(tile)}${isBare ? " bare" : ""}`, "aria-hidden": "true" }, isBare ? nameOf(tile) : label(tile)), tile);
  };

  /** @param {Tile<Node>} tile */
  const nameOf = (tile) => (tile.n > 1 ? `${number(tile.n)} smaller` : by() === "kind" && tile.node.children ? kindWords(tile.node.name) : tile.node.name);

  /** @param {Tile<Node>} tile */
  const label = (tile) => {
    if (tile.width < 42 || tile.height < 17) return null;
    const size = tile.isFrame ? tile.width > 150 : tile.height >= 36 && tile.width >= 90;
    return h("span", { class: "tile-label" }, h("span", { class: "tile-name cut" }, nameOf(tile)), size ? h("span", { class: "tile-size cut", "aria-hidden": "true" }, bytes(tile.bytes)) : null);
  };

  /** @param {Node} node */
  const drawList = (node) => {
    drawn = "";
    const all = node.children ?? [];
    const rows = all.slice(0, LISTED).map((one) => {
      const name = by() === "kind" && one.children ? kindWords(one.name) : one.name;
      const named = one.children
        ? h("button", { class: "crumb cut", on: { click: () => enter(one, null) } }, icon("folder"), name)
        : one.asset?.isThere
          ? h("a", { class: "cut", href: link(project.id, "assets", { asset: one.asset.root }) }, by() === "kind" ? one.asset.root : name)
          : h("span", { class: "soft" }, name);
      const part = one.bytes / Math.max(1, node.bytes);
      return h(
        "tr",
        null,
        h("td", { class: "list-name" }, named),
        h("td", null, h("span", { class: `swatch kind-${one.kind}` }), kindWords(one.kind)),
        h("td", { class: "number" }, number(one.n)),
        h("td", { class: "number" }, bytes(one.bytes)),
        h("td", { class: "list-share" }, h("span", { class: "row" }, h("span", { class: "bar grow", "aria-hidden": "true" }, h("span", { style: { width: `${part * 100}%` } })), h("span", { class: "number small" }, percent(part)))),
      );
    });
    fill(
      table,
      h(
        "table",
        { class: "plain" },
        h("thead", null, h("tr", null, h("th", { scope: "col" }, "Name"), h("th", { scope: "col" }, "Kind"), h("th", { scope: "col", class: "number" }, "Assets"), h("th", { scope: "col", class: "number" }, "In the pack"), h("th", { scope: "col" }, "Share"))),
        h("tbody", null, rows),
      ),
      all.length > LISTED ? h("p", { class: "soft small list-more" }, `The ${number(LISTED)} largest of ${number(all.length)}.`) : null,
    );
  };

  const drawLegend = () => {
    const all = report?.kinds ?? [];
    const sum = all.reduce((n, one) => n + one.bytes, 0);
    fill(legend, all.map((one) => {
      const button = h("button", { class: "legend-kind", "aria-pressed": "false", title: `${one.formats.join(", ")}: ${count(one.parts, "part")}, ${bytes(one.bytes)}` }, h("span", { class: `swatch kind-${one.kind}` }), kindWords(one.kind), h("span", { class: "faint" }, percent(one.bytes / Math.max(1, sum))));
      button.addEventListener("click", () => {
        const isOn = map.dataset.only === one.kind;
        if (isOn) delete map.dataset.only;
        else map.dataset.only = one.kind;
        for (const other of legend.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button && !isOn));
      });
      return h("li", null, button);
    }));
    delete map.dataset.only;
  };

  /** @param {Event} event */
  const tileAt = (event) => {
    const found = event.target instanceof Element ? event.target.closest(".tile") : null;
    return found instanceof HTMLElement ? (byElement.get(found) ?? null) : null;
  };

  map.addEventListener("click", (event) => {
    const tile = tileAt(event);
    if (!tile) return;
    if (!isMany(tile)) open(tile.node);
    else note({ as: "list" });
  });
  map.addEventListener("keydown", (event) => {
    const from = tileAt(event);
    /** @type {Record<string, "left" | "right" | "up" | "down">} */
    const ways = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
    const direction = ways[event.key];
    if (event.key === "Escape" || event.key === "Backspace") {
      if ((way()?.length ?? 0) < 2) return;
      event.preventDefault();
      leave();
    } else if (from && direction) {
      event.preventDefault();
      const to = neighbour(tiles.filter((one) => one.depth === 1), from, direction);
      stops.find((one) => byElement.get(one) === to)?.focus();
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      stops.at(event.key === "Home" ? 0 : -1)?.focus();
    }
  });
  map.addEventListener("focusin", (event) => {
    for (const one of stops) one.setAttribute("tabindex", one === event.target ? "0" : "-1");
    const tile = tileAt(event);
    if (tile && event.target instanceof HTMLElement && event.target.matches(":focus-visible")) showTip(tile, tile.x + Math.min(tile.width / 2, 120), tile.y + Math.min(tile.height, 40));
  });
  map.addEventListener("focusout", () => (tip.hidden = true));
  map.addEventListener("pointerleave", () => (tip.hidden = true));
  map.addEventListener("pointermove", (event) => {
    const tile = tileAt(event);
    if (!tile) return;
    const at = map.getBoundingClientRect();
    showTip(tile, event.clientX - at.left, event.clientY - at.top);
  });

  /** @type {Tile<Node> | null} */
  let told = null;
  /**
   * @param {Tile<Node>} tile
   * @param {number} x
   * @param {number} y
   */
  const showTip = (tile, x, y) => {
    if (told !== tile || tip.hidden) {
      told = tile;
      const { node } = tile;
      const whole = trees?.[by()].bytes ?? 1;
      const more = isMany(tile) ? "too small to be seen one by one; the list has them" : node.asset ? `${node.asset.format}, ${count(node.asset.parts, "part")}` : count(node.n, "asset");
      fill(
        tip,
        h("div", { class: "tip-name break" }, isMany(tile) ? nameOf(tile) : (node.asset?.address ?? (by() === "kind" ? kindWords(node.name) : node.key))),
        h("div", { class: "row" }, h("strong", null, bytes(tile.bytes)), h("span", { class: "soft" }, `${percent(tile.bytes / Math.max(1, whole))} of the pack`)),
        h("div", { class: "small soft row" }, h("span", { class: `swatch kind-${node.kind}` }), `${kindWords(node.kind)}, ${more}`),
        node.asset && node.asset.bytes !== node.asset.stored && !isMany(tile) ? h("div", { class: "small faint" }, `${bytes(node.asset.bytes)} before compression`) : null,
      );
      tip.hidden = false;
    }
    const left = Math.max(4, Math.min(x + 14, map.clientWidth - tip.offsetWidth - 4));
    const top = y + 18 + tip.offsetHeight > map.clientHeight ? Math.max(4, y - tip.offsetHeight - 10) : y + 18;
    tip.style.setProperty("transform", `translate(${Math.round(left)}px, ${Math.round(top)}px)`);
  };

  route.watch(draw, until);
  let frame = 0;
  const observer = new ResizeObserver(() => (frame ||= requestAnimationFrame(() => ((frame = 0), draw()))));
  observer.observe(map);
  until.addEventListener("abort", () => (observer.disconnect(), cancelAnimationFrame(frame)), { once: true });

  return {
    element,
    /** @param {Report} now */
    update(now) {
      report = now;
      trees = { folder: byFolder(now.assets, now.rest), kind: byKind(now.assets, now.rest) };
      drawn = "";
      drawLegend();
      draw();
    },
  };
}

/** Whether it stands for many that are not shown one by one. @param {Tile<Node>} tile */
const isMany = ({ n, node }) => n > 1 || (!node.children && !node.asset);

/** @param {Tile<Node>} tile */
function tileClass(tile) {
  const shape = tile.isFrame ? "frame" : isMany(tile) ? "many" : tile.node.children ? "closed" : tile.node.asset?.isThere ? "" : "still";
  return `tile kind-${isMany(tile) ? "raw" : tile.node.kind} ${shape}`;
}

/**
 * @template {HTMLElement} E
 * @param {E} element
 * @param {Tile<Node>} tile
 * @returns {E}
 */
function place(element, { x, y, width, height }) {
  // Whole pixels, edge to edge: neighbours share a line, whatever was rounded.
  const [left, top] = [Math.round(x), Math.round(y)];
  element.style.setProperty("transform", `translate(${left}px, ${top}px)`);
  element.style.setProperty("width", `${Math.max(1, Math.round(x + width) - left)}px`);
  element.style.setProperty("height", `${Math.max(1, Math.round(y + height) - top)}px`);
  return element;
}

/**
 * Buttons of which one is on.
 *
 * @template {string} V
 * @param {string} name
 * @param {[V, string][]} options
 * @param {(value: V) => void} chosen
 */
function segments(name, options, chosen) {
  const all = options.map(([value, text]) => ({ value, element: h("button", { class: "button small", on: { click: () => chosen(value) } }, text) }));
  return {
    element: h("div", { class: "segments", role: "group", "aria-label": name }, all.map((one) => one.element)),
    /** @param {V} now */
    update(now) {
      for (const one of all) one.element.setAttribute("aria-pressed", String(one.value === now));
    },
  };
}
