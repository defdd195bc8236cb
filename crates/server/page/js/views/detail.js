// @ts-check
// All that is known of one asset, in a pane beside the list. What it shows is read again whenever something changed, and
// only what is another is drawn anew: an edit in progress, an open fold and a playing sound stay.

/** @import { Project } from "../project.js" */
/** @import { DetailsData, ListedAsset } from "../types.js" */

import { SignedOut, Unreachable } from "../api.js";
import { fill, h } from "../dom.js";
import { bytes, count, sentence } from "../format.js";
import { icon } from "../icons.js";
import { link, note, route } from "../router.js";
import { soon } from "../signal.js";
import { menu, toast } from "../ui/overlay.js";
import { statePill } from "../ui/pills.js";
import { blockerList, button, empty, notice } from "../ui/places.js";
import { copy, copyButton, move, nameOf, register, removeItems, selectorOf, setIncluded } from "./asset-actions.js";
import { editForm } from "./asset-edit.js";
import { previews } from "./asset-previews.js";
import { within } from "./asset-rules.js";
import { diagnosticList, fileList, historyList, manifestView, partList } from "./asset-sections.js";
import { keyOf } from "./asset-selection.js";
import { preview, when } from "./plan.js";

const WIDTH = { kept: "detail-width", usual: 420, least: 340, most: 900, rest: 380 };

/** @typedef {{ root: string, quarantined: boolean }} Subject */

/** The service may be one that cannot be asked for hashes. */
let canHash = true;

/**
 * @param {{ project: Project, until: AbortSignal, changed: () => void, closed: () => void }} owner `changed` is called when
 *   another asset is shown, `closed` when none is any more.
 */
export function detail({ project, until, changed, closed }) {
  const element = h("aside", { class: "asset-detail", "aria-label": "Details", tabindex: "-1", hidden: true });
  const resizer = resizeHandle(element, until);
  /** @type {Subject | null} */
  let shown = null;
  /** What the list knew of it. @type {ListedAsset | null} */
  let known = null;
  let view = new AbortController();
  /** @type {() => void} */
  let again = () => {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let attending;
  until.addEventListener("abort", () => (view.abort(), clearTimeout(attending)), { once: true });

  /** @param {Subject | null} subject */
  function show(subject) {
    view.abort();
    view = new AbortController();
    shown = subject;
    element.hidden = subject === null;
    resizer.hidden = subject === null;
    again = () => {};
    if (!subject) fill(element);
    else if (subject.quarantined) again = quarantined(project, element, subject, known, view.signal, close);
    else again = registered(project, element, subject, known, view.signal, close);
    element.scrollTop = 0;
    changed();
  }

  function close() {
    clearTimeout(attending);
    if (!shown) return false;
    note({ asset: null, away: null });
    closed();
    return true;
  }

  /** @param {ListedAsset} asset */
  function open(asset) {
    clearTimeout(attending);
    if (shown && isOpen(asset)) {
      element.focus();
      return;
    }
    known = asset;
    note({ asset: asset.root, away: asset.quarantined ? "1" : null });
    if (isCovering()) element.focus();
  }

  const isCovering = () => getComputedStyle(element).position === "absolute";
  /** @param {Subject} asset */
  const isOpen = (asset) => shown !== null && keyOf(shown) === keyOf(asset);

  element.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof Element && event.target.closest("input, textarea, select");
    if (event.key !== "Escape" || event.defaultPrevented || isTyping) return;
    event.preventDefault();
    close();
  });
  project.changed.hear(() => again(), until);

  return {
    element,
    resizer,
    open,
    close,
    isOpen,
    /** The keys went on to another row: where details are open, they follow. @param {ListedAsset} asset */
    attend(asset) {
      clearTimeout(attending);
      if (shown && !isCovering()) attending = setTimeout(() => shown && !isOpen(asset) && open(asset), 130);
    },
    /** Shows what the address bar names. */
    follow() {
      const { query } = route.get();
      const root = query.get("asset");
      const subject = root === null ? null : { root, quarantined: query.get("away") === "1" };
      if (subject ? !isOpen(subject) : shown) {
        if (subject && (!known || keyOf(known) !== keyOf(subject))) known = null;
        show(subject);
      }
    },
  };
}

/**
 * An asset below the assets folder.
 *
 * @param {Project} project
 * @param {HTMLElement} element
 * @param {Subject} subject
 * @param {ListedAsset | null} known
 * @param {AbortSignal} until
 * @param {() => void} close
 * @returns {() => void} Reads it again.
 */
function registered(project, element, subject, known, until, close) {
  /** @type {ListedAsset | null} */
  let asset = known;
  const head = h("header", { class: "asset-detail-head" });
  const body = h("div", { class: "asset-detail-body" });
  const trouble = h("div", { class: "asset-detail-trouble stack", role: "alert", hidden: true });
  const facts = h("div", { class: "asset-section asset-at-a-glance" });
  const put = sections(body);
  const foldManifest = h("details", { class: "asset-fold" });
  /** @type {ReturnType<typeof editForm> | null} */
  let form = null;
  let drawnHead = "";
  const waiting = h("div", { class: "asset-section asset-reading", role: "status" }, h("p", { class: "faint" }, "Reading its sources, parts and history…"), h("div", { class: "bar unknown" }, h("span", null)));
  body.append(facts, waiting);
  fill(element, head, trouble, body);

  /** @param {ListedAsset} now */
  const drawHead = (now) => {
    asset = now;
    const said = JSON.stringify(now);
    if (said === drawnHead) return;
    drawnHead = said;
    element.setAttribute("aria-label", `Details of ${nameOf(now)}`);
    keepFocus(head, () => fill(head, headOf(project, now, () => asset ?? now, close)));
    fill(facts, factsOf(now));
  };

  /** @param {DetailsData} data */
  const draw = (data) => {
    const { asset: now, manifest, files, part_list: parts, diagnostics, last_build: built, history } = data;
    drawHead(now);
    waiting.remove();
    const named = files.map((file) => ({ file, name: within(file.path, now.root) }));
    put("diagnostics", "Findings", diagnostics.length, diagnostics, () => (diagnostics.length ? diagnosticList(project, diagnostics) : null), until);
    put("preview", "Preview", null, [files.map((file) => [file.path, file.hash]), parts.map((part) => [part.name, part.metadata])], (stop) => previews(project, named, parts, stop), until);
    const canEdit = manifest !== null && typeof manifest === "object";
    put("edit", "Properties", null, [canEdit, now.root], () => {
      form = canEdit ? editForm(project, now, until) : null;
      return form?.element ?? notice("warn", "Its manifest does not read, so that nothing here can be changed. Correct it by hand; the findings say what is wrong.");
    }, until);
    if (canEdit) form?.learn(manifest);
    put("parts", "In the pack", parts.length || null, [parts, built], () => partList(project, parts, built), until);
    put("files", "Files", files.length, files, () => fileList(files, now.root), until);
    put("history", "History", history.length || null, history, () => historyList(project, history), until);
    put("manifest", "Manifest", null, manifest, () => {
      fill(foldManifest, h("summary", null, "asset.json"), manifestView(manifest));
      return foldManifest;
    }, until);
  };

  /** @param {import("../types.js").Response} response */
  const refuse = (response) => {
    trouble.hidden = false;
    const isGone = response.blockers.some((one) => one.code === "not_found");
    const elsewhere = h("div", null);
    fill(trouble, isGone ? notice("warn", h("div", { class: "break" }, `There is no asset at ${subject.root} any more.`), elsewhere) : blockerList(response.blockers));
    body.hidden = true;
    fill(head, plainHead(asset ? nameOf(asset) : subject.root, close));
    drawnHead = "";
    if (isGone) lookAway(elsewhere);
  };

  /** Where it may be found instead. @param {HTMLElement} place */
  const lookAway = async (place) => {
    const { data } = await project.call("list_assets", { filter: { quarantined: true, text: subject.root }, limit: 200 }, until).catch(() => ({ data: null }));
    if (data?.assets?.some((one) => one.root === subject.root)) fill(place, button("It is in quarantine", { tone: "small", icon: "archive", click: () => note({ away: "1" }) }));
  };

  let asked = 0;
  const read = async () => {
    const mine = (asked += 1);
    const isOld = () => mine !== asked || until.aborted;
    const selector = selectorOf(subject);
    try {
      const response = await project.call("get_asset_details", { selector }, until);
      if (isOld()) return;
      if (response.status !== "ok") {
        refuse(response);
        return;
      }
      trouble.hidden = true;
      body.hidden = false;
      const lacks = response.data.files.some((file) => file.hash === null);
      if (!lacks || !canHash) draw(response.data);
      else {
        // What is known is shown; the hashes that have to be computed come after.
        if (!put.isDrawn("files")) draw(response.data);
        const hashed = await project.call("get_asset_details", { selector, hashes: true }, until);
        if (isOld()) return;
        if (hashed.status === "ok") draw(hashed.data);
        else {
          canHash = !hashed.blockers.some((one) => one.code === "bad_request");
          draw(response.data);
        }
      }
    } catch (error) {
      if (isOld()) return;
      if (!(error instanceof Unreachable || error instanceof SignedOut)) throw error;
      if (put.isDrawn("files")) return;
      waiting.remove();
      trouble.hidden = false;
      fill(trouble, notice("bad", sentence(error.message)));
    }
  };
  if (known) drawHead(known);
  else fill(head, plainHead(subject.root, close));
  read();
  return soon(read, 150, until);
}

/**
 * An asset that waits in quarantine: what the list and its entry say.
 *
 * @param {Project} project
 * @param {HTMLElement} element
 * @param {Subject} subject
 * @param {ListedAsset | null} known
 * @param {AbortSignal} until
 * @param {() => void} close
 * @returns {() => void}
 */
function quarantined(project, element, subject, known, until, close) {
  const body = h("div", { class: "asset-detail-body" });
  const head = h("header", { class: "asset-detail-head" }, known ? quarantinedHead(known, close) : plainHead(subject.root, close));
  fill(element, head, body);
  element.setAttribute("aria-label", `Details of ${known ? nameOf(known) : subject.root}`);
  let drawn = "";
  const restore = async (/** @type {string} */ entry, /** @type {string} */ name) => {
    const done = await preview(project, "restore_quarantined", { entry_id: entry }, `Restore ${name}`);
    if (done?.status === "ok" && !until.aborted) note({ away: null });
  };
  const read = async () => {
    const [list, waiting] = await Promise.all([
      project.call("list_assets", { filter: { quarantined: true, text: subject.root }, limit: 200 }, until),
      project.call("list_quarantine", {}, until),
    ]);
    const asset = list.data.assets?.find((one) => one.root === subject.root) ?? null;
    const entries = (waiting.data.entries ?? []).filter((one) => one.asset.root === subject.root);
    const said = JSON.stringify([asset, entries]);
    if (said === drawn) return;
    drawn = said;
    if (!asset && !entries.length) {
      fill(body, empty("archive", "It is not in quarantine any more", "It was restored, or purged for good.", button("Look for it among the assets", { click: () => note({ away: null }) })));
      return;
    }
    if (asset) fill(head, quarantinedHead(asset, close));
    fill(
      body,
      h(
        "section",
        { class: "asset-section" },
        entries.map((entry) =>
          h(
            "div",
            { class: "asset-waiting stack" },
            h("dl", { class: "pairs" }, [
              h("dt", null, "Comes from"), h("dd", { class: "mono" }, entry.origin),
              h("dt", null, "Since"), h("dd", null, when(entry.since)),
              h("dt", null, "Holds"), h("dd", null, `${count(entry.files, "file")}, ${bytes(entry.bytes)}`),
              h("dt", null, "Entry"), h("dd", { class: "mono" }, entry.entry_id),
            ]),
            h("div", { class: "row" }, button("Restore…", { icon: "restore", click: () => void restore(entry.entry_id, nameOf(entry.asset)) }), h("a", { href: link(project.id, "quarantine") }, "See the quarantine")),
          ),
        ),
      ),
    );
  };
  const quietly = () => read().catch((error) => {
    if (!until.aborted && !(error instanceof Unreachable || error instanceof SignedOut)) throw error;
  });
  quietly();
  return soon(quietly, 200, until);
}

/**
 * @param {Project} project
 * @param {ListedAsset} asset
 * @param {() => ListedAsset} now
 * @param {() => void} close
 */
function headOf(project, asset, now, close) {
  const more = h("button", { class: "button quiet square", "aria-label": "More actions", title: "More actions", data: { keep: "more" } }, icon("more"));
  const isRegistered = asset.registered;
  menu(more, () => {
    const id = now().asset_id;
    return [
      ...(isRegistered
        ? [
            { label: "Move…", icon: /** @type {const} */ ("move"), run: () => move(project, now(), (to) => note({ asset: to })) },
            null,
            ...removeItems(project, () => [now()]),
            null,
          ]
        : []),
      ...(id === null ? [] : [{ label: "Copy the id", icon: /** @type {const} */ ("copy"), run: () => copyAndSay(String(id), "The id") }]),
      ...(asset.address === null ? [] : [{ label: "Copy the address", icon: /** @type {const} */ ("copy"), run: () => copyAndSay(asset.address ?? "", "The address") }]),
      { label: "Copy the folder", icon: /** @type {const} */ ("copy"), run: () => copyAndSay(asset.root, "The folder") },
    ];
  });
  const include = h("button", { class: "asset-switch-toggle", role: "switch", "aria-checked": String(asset.included), "aria-label": "In the build", data: { keep: "include" }, on: { click: () => void setIncluded(project, [now()], !now().included) } });
  const standing = isRegistered
    ? h("span", { class: "row" }, include, h("span", { class: asset.included ? "" : "soft", "aria-hidden": "true" }, asset.included ? "In the build" : "Not in the build"))
    : h("span", { class: "row" }, button("Register", { icon: "plus", tone: "small primary", click: () => void register(project, [now()]) }), h("span", { class: "soft" }, "Not registered"));
  return [
    h("div", { class: "row asset-top" }, h("div", { class: "grow" }, h("h2", { class: "break" }, nameOf(asset)), h("div", { class: "faint small row asset-folder" }, icon("folder"), h("span", { class: "break" }, asset.root))), more, closeButton(close)),
    h("div", { class: "row wrap" }, standing, h("span", { class: "grow" }), asset.state === "healthy" ? null : statePill(asset.state)),
  ];
}

/** @param {ListedAsset} asset */
const factsOf = (asset) =>
  h(
    "dl",
    { class: "asset-facts" },
    fact("Id", asset.asset_id === null ? "none yet" : String(asset.asset_id), asset.asset_id !== null),
    fact("UUID", asset.uuid ?? "none", asset.uuid !== null),
    fact("Sources", `${count(asset.sources, "file")}, ${bytes(asset.bytes)}`),
    fact("Built", asset.last_built ? when(asset.last_built) : "never"),
  );

/**
 * @param {string} name
 * @param {string | HTMLElement} value
 * @param {boolean} [canCopy]
 */
function fact(name, value, canCopy = false) {
  return h("div", null, h("dt", null, name), h("dd", { class: canCopy ? "mono" : "" }, typeof value === "string" ? h("span", { class: "cut", title: value }, value) : value, canCopy && typeof value === "string" ? copyButton(value, `the ${name === "Id" ? "id" : name}`) : null));
}

/**
 * @param {ListedAsset} asset
 * @param {() => void} close
 */
const quarantinedHead = (asset, close) => [
  h("div", { class: "row asset-top" }, h("div", { class: "grow" }, h("h2", { class: "break" }, nameOf(asset)), h("div", { class: "faint small row asset-folder" }, icon("folder"), h("span", { class: "break" }, asset.root))), closeButton(close)),
  h("div", { class: "row soft" }, icon("archive"), "In quarantine"),
  h("dl", { class: "asset-facts" }, fact("Id", asset.asset_id === null ? "none" : String(asset.asset_id), asset.asset_id !== null), fact("UUID", asset.uuid ?? "none", asset.uuid !== null)),
];

/**
 * @param {string} name
 * @param {() => void} close
 */
const plainHead = (name, close) => h("div", { class: "row asset-top" }, h("h2", { class: "grow break" }, name), closeButton(close));

/** @param {() => void} close */
const closeButton = (close) => h("button", { class: "button quiet square", "aria-label": "Close the details", title: "Close (Escape)", data: { keep: "close" }, on: { click: close } }, icon("close"));

/**
 * @param {string} text
 * @param {string} what
 */
async function copyAndSay(text, what) {
  if (await copy(text)) toast("good", `${what} is copied`);
  else toast("warn", "The browser did not let it be copied", { detail: text });
}

/**
 * The named parts of the pane, in the order in which they first come. Each is drawn again only when what it tells is
 * another.
 *
 * @param {HTMLElement} body
 */
function sections(body) {
  /** @type {Map<string, { element: HTMLElement, said: string, stop: AbortController }>} */
  const drawn = new Map();
  /**
   * @param {string} name
   * @param {string} title
   * @param {number | null | undefined} n How many it holds, for its title.
   * @param {unknown} tells What it is drawn from.
   * @param {(stop: AbortSignal) => HTMLElement | null} make Null leaves it out.
   * @param {AbortSignal} until
   */
  const put = (name, title, n, tells, make, until) => {
    const said = JSON.stringify(tells) ?? "";
    let one = drawn.get(name);
    if (one?.said === said) return;
    const heading = `detail-${name}`;
    if (!one) {
      one = { element: h("section", { class: "asset-section", "aria-labelledby": heading }), said, stop: new AbortController() };
      body.append(one.element);
      drawn.set(name, one);
    }
    one.stop.abort();
    const stop = new AbortController();
    until.addEventListener("abort", () => stop.abort(), { once: true, signal: stop.signal });
    one.stop = stop;
    one.said = said;
    const { element } = one;
    keepFocus(element, () => {
      const content = make(stop.signal);
      element.hidden = content === null;
      fill(element, content ? [h("h3", { id: heading }, title, typeof n === "number" ? h("span", { class: "count" }, String(n)) : null), content] : []);
    });
  };
  put.isDrawn = (/** @type {string} */ name) => drawn.has(name);
  return put;
}

/**
 * Draws, and gives the focus back to what took the place of what had it.
 *
 * @param {HTMLElement} element
 * @param {() => void} draw
 */
function keepFocus(element, draw) {
  const had = element.contains(document.activeElement) ? document.activeElement?.getAttribute("data-keep") : null;
  draw();
  const now = had ? element.querySelector(`[data-keep="${had}"]`) : null;
  if (now instanceof HTMLElement) now.focus({ preventScroll: true });
}

/**
 * Makes the pane wider or narrower: by dragging, and by the arrow keys.
 *
 * @param {HTMLElement} pane
 * @param {AbortSignal} until
 */
function resizeHandle(pane, until) {
  const element = h("div", { class: "asset-resizer", role: "separator", tabindex: "0", "aria-orientation": "vertical", "aria-label": "Width of the details", "aria-valuemin": String(WIDTH.least), hidden: true });
  let width = Number(localStorage.getItem(WIDTH.kept)) || WIDTH.usual;
  const most = () => Math.max(WIDTH.least, Math.min(WIDTH.most, (pane.parentElement?.clientWidth ?? Infinity) - WIDTH.rest));
  const apply = () => {
    const now = Math.round(Math.max(WIDTH.least, Math.min(most(), width)));
    pane.style.setProperty("--detail", `${now}px`);
    element.setAttribute("aria-valuenow", String(now));
    element.setAttribute("aria-valuemax", String(most()));
    return now;
  };
  const set = (/** @type {number} */ next) => {
    width = next;
    width = apply();
    localStorage.setItem(WIDTH.kept, String(width));
  };
  element.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    element.classList.add("dragging");
    const from = event.clientX;
    const had = pane.offsetWidth;
    const move = (/** @type {PointerEvent} */ now) => set(had + from - now.clientX);
    const end = () => {
      element.classList.remove("dragging");
      element.removeEventListener("pointermove", move);
    };
    element.addEventListener("pointermove", move);
    element.addEventListener("lostpointercapture", end, { once: true });
  });
  element.addEventListener("dblclick", () => set(WIDTH.usual));
  element.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 64 : 16;
    const now = pane.offsetWidth;
    /** @type {Record<string, number>} */
    const to = { ArrowLeft: now + step, ArrowRight: now - step, Home: WIDTH.least, End: most(), Enter: WIDTH.usual };
    const wanted = to[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    set(wanted);
  });
  window.addEventListener("resize", apply, { signal: until });
  const observer = new MutationObserver(apply);
  observer.observe(pane, { attributeFilter: ["hidden"] });
  until.addEventListener("abort", () => observer.disconnect(), { once: true });
  apply();
  return element;
}
