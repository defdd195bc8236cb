// @ts-check
// Pictures and sounds of an asset's sources, and a picture seen large.

/** @import { Project } from "../project.js" */
/** @import { FileDetails, PartDetails } from "../types.js" */

import { fill, h } from "../dom.js";
import { count, number } from "../format.js";
import { icon } from "../icons.js";
import { openDialog } from "../ui/overlay.js";
import { button } from "../ui/places.js";
import { soundPlayer } from "../ui/sound.js";
import { isShownByBrowsers, secondsOf, shownAs } from "./asset-rules.js";

/** How many are shown at first. */
const PICTURES = 12;
const SOUNDS = 6;

/** @typedef {{ name: string, hash: string | null, part: PartDetails | undefined }} Shown */

/**
 * What can be seen and heard; null where there is neither.
 *
 * @param {Project} project
 * @param {{ file: FileDetails, name: string }[]} files
 * @param {PartDetails[]} parts
 * @param {AbortSignal} until
 */
export function previews(project, files, parts, until) {
  const byName = new Map(parts.map((part) => [part.name, part]));
  /** @type {Shown[]} */
  const pictures = [];
  /** @type {Shown[]} */
  const sounds = [];
  for (const { file, name } of files) {
    const part = byName.get(name);
    const kind = shownAs(file.path, part);
    if (kind) (kind === "image" ? pictures : sounds).push({ name, hash: file.hash, part });
  }
  if (!pictures.length && !sounds.length) return null;
  return h("div", { class: "asset-previews" }, pictures.length ? gallery(project, pictures) : null, sounds.length ? players(project, sounds, until) : null);
}

/**
 * @param {Project} project
 * @param {Shown[]} pictures
 */
function gallery(project, pictures) {
  const grid = h("ul", { class: `asset-gallery ${pictures.length === 1 ? "one" : ""}`, "aria-label": "Pictures" });
  const seen = pictures.filter((picture) => picture.hash !== null);
  const draw = (/** @type {number} */ upTo) =>
    fill(
      grid,
      pictures.slice(0, upTo).map((picture) => h("li", null, thumbnail(project, picture, () => viewer(project, seen, seen.indexOf(picture))))),
      pictures.length > upTo ? h("li", { class: "asset-more" }, button(`Show all ${number(pictures.length)}`, { tone: "small quiet", click: () => draw(pictures.length) })) : null,
    );
  draw(PICTURES);
  return grid;
}

/**
 * @param {Project} project
 * @param {Shown} picture
 * @param {() => void} open
 */
function thumbnail(project, { name, hash }, open) {
  const element = h("button", { class: "asset-thumb", title: name, "aria-label": `Show ${name} large`, on: { click: open } });
  const box = h("span", { class: "asset-thumb-box" });
  const none = () => {
    element.disabled = true;
    element.setAttribute("aria-label", `${name}: no picture`);
    fill(box, icon("image"));
  };
  if (hash === null) none();
  else {
    const image = h("img", { src: project.thumbnailUrl(hash), alt: "", loading: "lazy", decoding: "async" });
    box.classList.add("asset-checker");
    image.addEventListener("error", () => {
      const content = project.contentUrl(hash);
      // What is kept as it is a browser may know how to show even where the service makes no picture of it.
      if (isShownByBrowsers(name) && !image.src.endsWith(content)) image.src = content;
      else {
        box.classList.remove("asset-checker");
        none();
      }
    });
    image.addEventListener("load", () => image.classList.toggle("tiny", image.naturalWidth <= 64 && image.naturalHeight <= 64));
    box.append(image);
  }
  element.append(box, h("span", { class: "asset-thumb-name cut" }, name));
  return element;
}

/**
 * @param {Project} project
 * @param {Shown[]} sounds
 * @param {AbortSignal} until
 */
function players(project, sounds, until) {
  const list = h("ul", { class: "asset-sounds", "aria-label": "Sounds" });
  const one = (/** @type {Shown} */ { name, hash, part }) =>
    h(
      "li",
      null,
      h("div", { class: "cut small soft", title: name }, name),
      hash === null
        ? h("div", { class: "row faint small" }, icon("audio"), "not read yet")
        : soundPlayer({ name, source: project.contentUrl(hash), wave: project.thumbnailUrl(hash), seconds: part ? secondsOf(part.metadata) : null, until }),
    );
  fill(list, sounds.slice(0, SOUNDS).map(one));
  if (sounds.length > SOUNDS) {
    const more = h("li", null, button(`Show all ${number(sounds.length)}`, { tone: "small quiet", click: () => (more.remove(), list.append(...sounds.slice(SOUNDS).map(one))) }));
    list.append(more);
  }
  return list;
}

/**
 * @param {Project} project
 * @param {Shown[]} pictures
 * @param {number} first
 */
function viewer(project, pictures, first) {
  let at = first;
  const box = openDialog("box", "");
  box.dialog.classList.add("asset-viewer");
  const image = h("img", { alt: "" });
  const stage = h("div", { class: "asset-stage asset-checker", tabindex: "0", role: "group" }, image);
  const said = h("span", { class: "grow faint small", role: "status" });
  const turn = (/** @type {HTMLButtonElement} */ element, /** @type {string} */ name) => {
    const isOn = element.getAttribute("aria-pressed") !== "true";
    element.setAttribute("aria-pressed", String(isOn));
    stage.classList.toggle(name, isOn);
  };
  const pixelated = button("Pixelated", { tone: "small", title: "Show each pixel as a square (P)", click: () => turn(pixelated, "pixelated") });
  const actual = button("Actual size", { tone: "small", title: "One pixel of the picture is one of the page (1)", click: () => turn(actual, "actual") });
  for (const one of [pixelated, actual]) one.setAttribute("aria-pressed", "false");
  const step = (/** @type {number} */ by) => {
    at = (at + by + pictures.length) % pictures.length;
    show();
  };
  const show = () => {
    const picture = pictures[at];
    if (!picture?.hash) return;
    fill(box.heading, picture.name);
    stage.setAttribute("aria-label", picture.name);
    const { width, height } = picture.part?.metadata ?? {};
    const size = typeof width === "number" ? `${width} × ${height}` : null;
    const place = pictures.length > 1 ? `${at + 1} of ${count(pictures.length, "picture")}` : null;
    const say = (/** @type {string | null} */ dimensions) => fill(said, [dimensions, place].filter(Boolean).join(" · "));
    say(size);
    image.onerror = () => say("no picture can be made of it");
    image.onload = () => {
      say(size ?? `${image.naturalWidth} × ${image.naturalHeight}`);
      const isSmall = image.naturalWidth <= 128 && image.naturalHeight <= 128;
      if (isSmall !== (pixelated.getAttribute("aria-pressed") === "true") && isSmall) turn(pixelated, "pixelated");
    };
    image.src = isShownByBrowsers(picture.name) ? project.contentUrl(picture.hash) : project.thumbnailUrl(picture.hash);
  };
  box.main.append(stage);
  box.foot.append(said, pixelated, actual);
  if (pictures.length > 1) box.foot.append(button("Previous", { tone: "small", click: () => step(-1) }), button("Next", { tone: "small", click: () => step(1) }));
  box.dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft" && !stage.classList.contains("actual")) step(-1);
    else if (event.key === "ArrowRight" && !stage.classList.contains("actual")) step(1);
    else if (event.key === "p") turn(pixelated, "pixelated");
    else if (event.key === "1") turn(actual, "actual");
    else return;
    event.preventDefault();
  });
  show();
  stage.focus();
}
