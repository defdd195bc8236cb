// @ts-check
// The page's own icons: strokes on a grid of 24.

import { svg } from "./dom.js";

const PATHS = {
  alert: ["M12 9v4.5", "M12 17h.01", "M10.3 4.2 2.6 17.5A2 2 0 0 0 4.3 20.5h15.4a2 2 0 0 0 1.7-3L13.7 4.2a2 2 0 0 0-3.4 0Z"],
  archive: ["M3 5h18v4H3z", "M5 9v10h14V9", "M10 13h4"],
  arrow: ["M5 12h14", "m13 6 6 6-6 6"],
  audio: ["M4 10v4", "M8 6v12", "M12 9v6", "M16 4v16", "M20 10v4"],
  box: ["M4 8.2 12 4l8 4.2v7.6L12 20l-8-4.2z", "M4 8.2 12 12.4l8-4.2", "M12 12.4V20"],
  build: ["m14 7 3 3", "m4 20 9.5-9.5", "M12 5.5 15.5 2 22 8.5 18.5 12z"],
  chart: ["M4 4h7v9H4z", "M14 4h6v5h-6z", "M14 12h6v8h-6z", "M4 16h7v4H4z"],
  check: ["m5 12.5 4.5 4.5L19 7.5"],
  chevron: ["m9 6 6 6-6 6"],
  clock: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z", "M12 7v5l3.5 2"],
  close: ["M6 6l12 12", "M18 6 6 18"],
  copy: ["M9 9h11v11H9z", "M5 15H4V4h11v1"],
  cross: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z", "m9 9 6 6", "m15 9-6 6"],
  down: ["m6 9 6 6 6-6"],
  edit: ["M4 20h4L19 9l-4-4L4 16z", "m13 7 4 4"],
  file: ["M6 3h8l5 5v13H6z", "M14 3v5h5"],
  filter: ["M4 5h16l-6 8v6l-4-2v-4z"],
  folder: ["M3 6h6l2 2.5h10V19H3z"],
  help: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z", "M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8", "M12 17h.01"],
  history: ["M4 12a8 8 0 1 0 2.6-5.9L4 8.5", "M4 4v4.5h4.5", "M12 8v4.5l3 1.5"],
  image: ["M4 5h16v14H4z", "m4 16 5-5 4 4 2.5-2.5L20 17", "M15.5 9h.01"],
  info: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z", "M12 11v5.5", "M12 7.5h.01"],
  list: ["M8 6h12", "M8 12h12", "M8 18h12", "M4 6h.01", "M4 12h.01", "M4 18h.01"],
  minus: ["M6 12h12"],
  moon: ["M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z"],
  more: ["M6 12h.01", "M12 12h.01", "M18 12h.01"],
  move: ["M4 12h13", "m12 7 5 5-5 5", "M20 4v16"],
  play: ["M7 4.5v15l12-7.5z"],
  plug: ["M9 3v5", "M15 3v5", "M6 8h12v3a6 6 0 0 1-12 0z", "M12 17v4"],
  plus: ["M12 5v14", "M5 12h14"],
  pulse: ["M3 12h4l2.5-7 5 14 2.5-7h4"],
  refresh: ["M20 11a8 8 0 0 0-14.3-4L4 9", "M4 4v5h5", "M4 13a8 8 0 0 0 14.3 4L20 15", "M20 20v-5h-5"],
  restore: ["M4 9h10a5.5 5.5 0 0 1 0 11H9", "m8 5-4 4 4 4"],
  search: ["M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z", "m15.5 15.5 5 5"],
  shield: ["M12 3 5 5.5v6c0 4.5 3 7.5 7 9.5 4-2 7-5 7-9.5v-6z"],
  stop: ["M6 6h12v12H6z"],
  sun: ["M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z", "M12 2v2.5", "M12 19.5V22", "M2 12h2.5", "M19.5 12H22", "m4.9 4.9 1.8 1.8", "m17.3 17.3 1.8 1.8", "m19.1 4.9-1.8 1.8", "m6.7 17.3-1.8 1.8"],
  tag: ["M4 4h8l8 8-8 8-8-8z", "M8.5 8.5h.01"],
  trash: ["M4 7h16", "M9 7V4h6v3", "M6 7l1 13h10l1-13", "M10 11v5", "M14 11v5"],
  wrench: ["M14.5 6.5a4.5 4.5 0 0 1 6-1.3l-3 3 1.3 1.3 3-3a4.5 4.5 0 0 1-5.9 6L7 21.4a2 2 0 0 1-3-3z"],
};

/** @typedef {keyof typeof PATHS} IconName */

/**
 * A picture beside words; where there are none, `title` says what it means.
 *
 * @param {IconName} name
 * @param {string} [title]
 */
export function icon(name, title) {
  const attributes = { class: "icon", viewBox: "0 0 24 24" };
  const spoken = title ? { role: "img", "aria-label": title } : { "aria-hidden": "true" };
  return svg("svg", { ...attributes, ...spoken }, ...PATHS[name].map((d) => svg("path", { d })));
}
