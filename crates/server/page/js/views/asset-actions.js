// @ts-check
// What can be done with assets, from the list and from the details alike.
//
// Few assets are changed at once, where no consent is needed; many, and whatever moves or deletes files, go through the
// preview.

/** @import { Project } from "../project.js" */
/** @import { ListedAsset, Response } from "../types.js" */

import { SignedOut, Unreachable } from "../api.js";
import { h } from "../dom.js";
import { count } from "../format.js";
import { icon } from "../icons.js";
import { openDialog } from "../ui/overlay.js";
import { button } from "../ui/places.js";
import { registerDialog, sayRegistered } from "./asset-register.js";
import { applyNow, preview, sayError } from "./plan.js";

/** More than these are shown as a plan first. */
export const AT_ONCE = 100;

/** @param {{ root: string }} asset */
export const selectorOf = (asset) => `root:${asset.root}`;

/** @param {{ address: string | null, root: string }} asset */
export const nameOf = (asset) => asset.address ?? asset.root;

/** @param {ListedAsset[]} assets */
const named = (assets) => (assets.length === 1 && assets[0] ? nameOf(assets[0]) : count(assets.length, "asset"));

/**
 * @param {Project} project
 * @param {ListedAsset[]} assets
 * @param {boolean} isIncluded
 * @returns {Promise<Response | null>}
 */
export function setIncluded(project, assets, isIncluded) {
  const service = isIncluded ? "include_asset_in_build" : "exclude_asset_from_build";
  const request = { selectors: assets.map(selectorOf) };
  if (assets.length <= AT_ONCE) return applyNow(project, service, request);
  return preview(project, service, request, `${isIncluded ? "Include" : "Exclude"} ${named(assets)}`);
}

/**
 * @param {Project} project
 * @param {ListedAsset[]} assets
 * @returns {Promise<Response | null>}
 */
export async function register(project, assets) {
  const roots = assets.map((asset) => asset.root);
  if (roots.length > AT_ONCE) return preview(project, "register_asset", { roots }, `Register ${named(assets)}`);
  try {
    const response = await project.run("register_asset", { roots });
    // What stands in the way is more than a toast can say.
    if (response.status === "blocked") registerDialog(project, { roots, blockers: response.blockers });
    else sayRegistered(project, response);
    return response;
  } catch (error) {
    if (!(error instanceof Unreachable || error instanceof SignedOut)) throw error;
    sayError(error);
    return null;
  }
}

/**
 * @param {Project} project
 * @param {ListedAsset[]} assets
 * @param {"keep" | "quarantine" | "delete"} files What becomes of them.
 * @returns {Promise<Response | null>}
 */
export function remove(project, assets, files) {
  const request = { selectors: assets.map(selectorOf), files };
  if (files === "keep" && assets.length <= AT_ONCE) return applyNow(project, "remove_asset", request);
  const title = { keep: "Unregister", quarantine: "Quarantine", delete: "Delete" }[files];
  return preview(project, "remove_asset", request, `${title} ${named(assets)}`);
}

/**
 * The ways to remove assets, as items of a menu.
 *
 * @param {Project} project
 * @param {() => ListedAsset[]} assets
 * @param {(response: Response | null) => void} [done]
 * @returns {{ label: string, icon: import("../icons.js").IconName, isDanger?: boolean, run: () => void }[]}
 */
export function removeItems(project, assets, done = () => {}) {
  const run = (/** @type {"keep" | "quarantine" | "delete"} */ files) => () => void remove(project, assets(), files).then(done);
  return [
    { label: "Unregister, keep the files", icon: "minus", run: run("keep") },
    { label: "Move the files to quarantine…", icon: "archive", run: run("quarantine") },
    { label: "Delete the files…", icon: "trash", isDanger: true, run: run("delete") },
  ];
}

/**
 * Asks where an asset's folder is to go, and previews that.
 *
 * @param {Project} project
 * @param {ListedAsset} asset
 * @param {(to: string) => void} moved
 */
export function move(project, asset, moved) {
  const box = openDialog("box", `Move ${nameOf(asset)}`);
  const input = h("input", { class: "field mono", id: "move-to", value: asset.root, autocomplete: "off", spellcheck: "false", "aria-describedby": "move-hint" });
  const ask = async () => {
    const to = input.value.trim().replace(/^\/+|\/+$/g, "");
    if (!to || to === asset.root) {
      input.focus();
      return;
    }
    box.close();
    const done = await preview(project, "relocate_asset", { selector: selectorOf(asset), to }, `Move ${nameOf(asset)}`);
    if (done?.status === "ok") moved(done.data?.to ?? to);
  };
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    ask();
  };
  box.main.append(
    h(
      "form",
      { on: { submit } },
      h("label", { class: "label", for: "move-to" }, "Folder"),
      input,
      h("p", { class: "hint", id: "move-hint" }, "Relative to the assets folder. Its id, UUID and address stay as they are, so nothing that uses the asset has to change."),
    ),
  );
  box.foot.append(button("Cancel", { click: box.close }), h("button", { class: "button primary", on: { click: ask } }, icon("move"), "Look at the plan"));
  input.focus();
  input.setSelectionRange(asset.root.lastIndexOf("/") + 1, asset.root.length);
}

/**
 * A button that copies a text.
 *
 * @param {string} text
 * @param {string} label What it is.
 */
export function copyButton(text, label) {
  const element = h("button", { class: "button quiet small square asset-copy", "aria-label": `Copy ${label}`, title: `Copy ${label}` }, icon("copy"));
  element.addEventListener("click", async (event) => {
    event.stopPropagation();
    const isDone = await copy(text);
    element.replaceChildren(icon(isDone ? "check" : "cross"));
    element.classList.toggle("done", isDone);
    setTimeout(() => {
      element.replaceChildren(icon("copy"));
      element.classList.remove("done");
    }, 1400);
  });
  return element;
}

/** @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
