// @ts-check
// The form that changes what a manifest says. An edit that is begun stays: while its asset changes on disk, while others
// are looked at, until it is saved or given up.

/** @import { Project } from "../project.js" */
/** @import { ListedAsset } from "../types.js" */
/** @import { Said } from "./asset-rules.js" */

import { fill, h } from "../dom.js";
import { count } from "../format.js";
import { icon } from "../icons.js";
import { button, notice } from "../ui/places.js";
import { nameOf, selectorOf } from "./asset-actions.js";
import { IMPORTERS } from "./asset-register.js";
import { addressTrouble, editOf, readSettings, rebased, saidBy, same } from "./asset-rules.js";
import { preview } from "./plan.js";

/**
 * @typedef {object} Draft
 * @property {Said} base What the manifest said when it was last taken in.
 * @property {Said} now What the form says; the settings as they last could be read.
 * @property {string} settings The settings as they are written in the field.
 * @property {boolean} isOvertaken Whether the manifest became another meanwhile.
 */

/** More assets than this are not looked through for an address. */
const MANY = 500;

/** Edits in progress, by project and root. @type {Map<string, Draft>} */
const drafts = new Map();

/** Whether anything is edited and not saved. */
export const isEditing = () => [...drafts.values()].some((draft) => changeOf(draft) !== null);

addEventListener("beforeunload", (event) => isEditing() && event.preventDefault());

/** @param {Record<string, any>} settings */
const written = (settings) => (Object.keys(settings).length ? JSON.stringify(settings, null, 2) : "");

/** @param {Draft} draft */
const changeOf = (draft) => (readSettings(draft.settings).trouble !== null ? {} : editOf(draft.base, draft.now));

/**
 * @param {Project} project
 * @param {ListedAsset} asset
 * @param {AbortSignal} until
 */
export function editForm(project, asset, until) {
  const key = `${project.id}/${asset.root}`;
  const selector = selectorOf(asset);
  const address = h("input", { class: "field mono", id: "edit-address", autocomplete: "off", spellcheck: "false", "aria-describedby": "edit-address-said" });
  const addressSaid = h("p", { class: "hint", id: "edit-address-said", "aria-live": "polite" });
  const labels = tokens("edit-labels", () => write({ labels: labels.get() }));
  const importer = h("select", { class: "field", id: "edit-importer" });
  const preload = h("input", { type: "checkbox", id: "edit-preload", "aria-describedby": "edit-preload-hint" });
  const settings = h("textarea", { class: "field mono", id: "edit-settings", rows: "3", spellcheck: "false", "aria-describedby": "edit-settings-said", placeholder: '{"image": {"output": "rgba8"}}' });
  const settingsSaid = h("p", { class: "hint", id: "edit-settings-said", "aria-live": "polite" });
  const overtaken = h("div", { hidden: true });
  const changes = h("span", { class: "grow faint small", role: "status" });
  const drop = h("button", { class: "button small quiet", type: "button" }, "Discard");
  const save = h("button", { class: "button small primary", type: "submit" }, "Save…");
  const element = h(
    "form",
    { class: "asset-edit-form", "aria-label": "What the manifest says" },
    overtaken,
    h("div", { class: "asset-edit-field" }, h("label", { for: "edit-address" }, "Address"), h("div", null, address, addressSaid)),
    h("div", { class: "asset-edit-field" }, h("label", { for: "edit-labels" }, "Labels"), labels.element),
    h("div", { class: "asset-edit-field" }, h("label", { for: "edit-importer" }, "Importer"), importer),
    h("div", { class: "asset-edit-field" }, h("label", { for: "edit-preload" }, "Preload"), h("div", { class: "asset-check" }, preload, h("span", { class: "hint", id: "edit-preload-hint" }, "an engine loads it before it is asked for"))),
    h("div", { class: "asset-edit-field" }, h("label", { for: "edit-settings" }, "Settings"), h("div", null, settings, settingsSaid)),
    h("div", { class: "asset-edit-foot" }, changes, drop, save),
  );

  /** @type {Draft | null} */
  let draft = drafts.get(key) ?? null;
  let isFilled = false;
  /** What the service said of the address. @type {{ address: string, taken: string | null } | null} */
  let answer = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let asking;
  until.addEventListener("abort", () => clearTimeout(asking), { once: true });

  /** Puts what the draft says into the fields. */
  function show() {
    if (!draft) return;
    const { now } = draft;
    if (address.value !== now.address) address.value = now.address;
    labels.set(now.labels);
    const isListed = typeof now.importer !== "string";
    const names = isListed || IMPORTERS.includes(now.importer) ? IMPORTERS : [...IMPORTERS, now.importer];
    const isKnownList = typeof draft.base.importer !== "string";
    fill(importer, names.map((name) => h("option", { value: name, selected: name === now.importer }, name)), isKnownList ? h("option", { value: LIST, selected: isListed }, "by pattern, as the manifest lists") : null);
    preload.checked = now.preload;
    if (settings.value !== draft.settings) settings.value = draft.settings;
    settings.rows = Math.min(14, Math.max(2, draft.settings.split("\n").length));
    isFilled = true;
    look();
  }

  /** Says what the fields come to. */
  function look() {
    if (!draft) return;
    const trouble = addressTrouble(draft.now.address);
    const isOther = draft.now.address !== draft.base.address;
    const taken = isOther && !trouble && answer?.address === draft.now.address ? answer.taken : null;
    address.setAttribute("aria-invalid", String(Boolean(trouble || taken)));
    addressSaid.className = trouble || taken ? "error" : "hint";
    fill(addressSaid, trouble ?? (taken ? `Taken by ${taken}.` : isOther ? (answer?.address === draft.now.address ? "Free. The address it has now vanishes." : "The address it has now vanishes.") : "What the game calls it."));
    const read = readSettings(draft.settings);
    settings.setAttribute("aria-invalid", String(read.trouble !== null));
    settingsSaid.className = read.trouble ? "error" : "hint";
    fill(settingsSaid, read.trouble ?? "JSON, by importer. Empty means the defaults.");
    const set = read.trouble ? null : editOf(draft.base, draft.now);
    const isDirty = set !== null || read.trouble !== null;
    save.disabled = set === null || Boolean(trouble || taken);
    drop.disabled = !isDirty;
    fill(changes, set ? `Changed: ${Object.keys(set).join(", ")}` : isDirty ? "Not ready to be saved" : "");
    element.classList.toggle("dirty", isDirty);
    overtaken.hidden = !(draft.isOvertaken && isDirty);
    if (!overtaken.hidden) {
      fill(overtaken, notice("warn", h("div", null, "The manifest changed on disk. What you changed here is kept; the rest is as it is now."), h("div", null, button("Take what is on disk", { tone: "small", click: (event) => (event.preventDefault(), giveUp()) }))));
    }
    if (isDirty) drafts.set(key, draft);
    else {
      drafts.delete(key);
      draft.isOvertaken = false;
    }
    if (isOther && !trouble && answer?.address !== draft.now.address) ask(draft.now.address);
  }

  /** Asks the service whose an address is. @param {string} wanted */
  function ask(wanted) {
    clearTimeout(asking);
    asking = setTimeout(async () => {
      try {
        answer = { address: wanted, taken: await ownerOf(wanted) };
        if (draft?.now.address === wanted) look();
      } catch {
        // The preview asks again, and says what is wrong.
      }
    }, 220);
  }

  /** Which other asset has an address. @param {string} wanted */
  async function ownerOf(wanted) {
    const { data } = await project.call("list_assets", { filter: { text: wanted, registered: true }, limit: MANY }, until);
    const isOther = (/** @type {ListedAsset} */ one) => one.address === wanted && one.registered && one.root !== asset.root;
    const found = data.assets.find(isOther);
    if (found || data.total <= MANY) return found?.root ?? null;
    // Too many hold these words: then by the address itself, which is refused where nothing has it.
    const { status, data: one } = await project.call("get_asset_details", { selector: `address:${wanted}` }, until);
    return status === "ok" && isOther(one.asset) ? one.asset.root : null;
  }

  /** @param {Partial<Said>} change */
  function write(change) {
    if (!draft) return;
    draft.now = { ...draft.now, ...change };
    look();
  }

  function giveUp() {
    if (!draft) return;
    draft = { base: draft.base, now: draft.base, settings: written(draft.base.settings), isOvertaken: false };
    drafts.delete(key);
    show();
  }

  address.addEventListener("input", () => write({ address: address.value.trim() }));
  importer.addEventListener("change", () => draft && write({ importer: importer.value === LIST ? draft.base.importer : importer.value }));
  preload.addEventListener("change", () => write({ preload: preload.checked }));
  settings.addEventListener("input", () => {
    if (!draft) return;
    draft.settings = settings.value;
    const read = readSettings(settings.value);
    write(read.settings ? { settings: read.settings } : {});
  });
  drop.addEventListener("click", giveUp);
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    labels.commit();
    const set = draft ? changeOf(draft) : null;
    if (!draft || !set || save.disabled) return;
    const done = await preview(project, "edit_asset", { selector, set }, `Edit ${nameOf(asset)}`);
    if (done?.status !== "ok" || !draft) return;
    draft.base = draft.now;
    draft.settings = written(draft.now.settings);
    drafts.delete(key);
    show();
  });

  return {
    element,
    /** What the manifest says now. @param {Record<string, any>} manifest */
    learn(manifest) {
      const said = saidBy(manifest);
      const isDirty = draft !== null && changeOf(draft) !== null;
      if (!draft || !isDirty) {
        if (draft && isFilled && same(draft.base, said)) return;
        draft = { base: said, now: said, settings: written(said.settings), isOvertaken: false };
      } else if (!same(draft.base, said)) {
        const touchedSettings = readSettings(draft.settings).trouble !== null || !same(draft.now.settings, draft.base.settings);
        const now = rebased(draft.base, draft.now, said);
        draft = { base: said, now, settings: touchedSettings ? draft.settings : written(now.settings), isOvertaken: true };
      }
      show();
    },
    /** How many members are changed and not saved. */
    said: () => (draft && changeOf(draft) !== null ? count(Object.keys(changeOf(draft) ?? {}).length, "change") : null),
  };
}

/** Stands for a list of importers by pattern, which the manifest alone can say. */
const LIST = "\n";

/**
 * A field of several words: each a token that can be taken away.
 *
 * @param {string} id
 * @param {() => void} changed
 */
function tokens(id, changed) {
  /** @type {string[]} */
  let words = [];
  const input = h("input", { id, autocomplete: "off", spellcheck: "false", "aria-describedby": `${id}-hint` });
  const list = h("span", { class: "asset-token-list", role: "list", "aria-label": "Labels" });
  const element = h("div", { class: "field asset-tokens" }, list, input, h("span", { class: "visually-hidden", id: `${id}-hint` }, "Enter or a comma adds a label, backspace takes the last one away."));
  const draw = () => {
    list.hidden = words.length === 0;
    fill(
      list,
      words.map((word) => h("span", { class: "asset-token", role: "listitem" }, h("span", { class: "break" }, word), h("button", { type: "button", "aria-label": `Take the label ${word} away`, on: { click: () => put(words.filter((one) => one !== word)) } }, icon("close")))),
    );
    input.placeholder = words.length ? "" : "none";
  };
  /** @param {string[]} next */
  const put = (next) => {
    words = [...new Set(next)];
    draw();
    changed();
    input.focus();
  };
  const commit = () => {
    const typed = input.value.split(",").map((word) => word.trim()).filter(Boolean);
    input.value = "";
    if (!typed.length) return;
    words = [...new Set([...words, ...typed])];
    draw();
    changed();
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && input.value.trim()) {
      event.preventDefault();
      commit();
    } else if (event.key === "," && !event.isComposing) {
      event.preventDefault();
      commit();
    } else if (event.key === "Backspace" && input.value === "" && words.length) put(words.slice(0, -1));
  });
  input.addEventListener("blur", commit);
  element.addEventListener("click", (event) => event.target === element && input.focus());
  draw();
  return {
    element,
    commit,
    get: () => words,
    /** @param {string[]} next */
    set(next) {
      if (same(words, next)) return;
      words = [...next];
      draw();
    },
  };
}
