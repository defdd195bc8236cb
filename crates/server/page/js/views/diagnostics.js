// @ts-check
// Diagnostics: what the doctor finds, structural and hygiene apart, and what can be done about it.

/** @import { ViewContext } from "../main.js" */
/** @import { Project } from "../project.js" */
/** @import { Group } from "./finding-groups.js" */
/** @import { Looked, Trouble, Wanted } from "./finding-look.js" */

import { fill, h } from "../dom.js";
import { count, number, sentence } from "../format.js";
import { icon } from "../icons.js";
import { note, route } from "../router.js";
import { soon } from "../signal.js";
import { openDialog, toast } from "../ui/overlay.js";
import { blockerList, button, empty, notice } from "../ui/places.js";
import { groupsOf } from "./finding-groups.js";
import { findingList } from "./finding-list.js";
import { lookOf } from "./finding-look.js";
import { recoveryPanel } from "./finding-recovery.js";
import { verdictCard } from "./finding-verdict.js";
import { preview } from "./plan.js";

/** Another look that nobody asked for comes no sooner than this after the last, and later where looks take long. */
const QUIET_MS = 120;

/** @param {ViewContext} context */
export function diagnostics({ project, host, until }) {
  const look = lookOf(project);
  const query = () => route.get().query;
  const wanted = () => wantedOf(query());
  /** What the address asked for last: another look only where it asks for another. */
  let asked = askedOf(query());

  const again = async () => {
    const ended = await look.look(wanted());
    const shown = look.looked.get()?.wanted;
    // What is shown is what was looked at before: the address says so again.
    if (ended !== "cancelled" || !shown || until.aborted) return;
    const address = { scope: null, deep: null, ...addressOf(shown) };
    asked = askedOf(new URLSearchParams({ look: query().get("look") ?? "", ...addressOf(shown) }));
    note(address);
  };
  const fixing = (/** @type {{ only?: string[], fingerprints?: string[] }} */ which, /** @type {string} */ title) =>
    fix(project, { scope: look.looked.get()?.wanted.scope ?? "workspace", ...which }, title);
  const verdict = verdictCard(project, look, { again, fixAll: () => fixing({}, "Fix all that is safe") }, until);
  const list = findingList({
    project, look, until,
    fix: fixing,
    allow: (group) => allow(project, group),
  });
  const tools = toolbar(list, until);
  const news = h("div", { hidden: true }, notice("info", h("div", { class: "row wrap spread" }, "Something changed since this was looked at.", button("Look again", { icon: "refresh", tone: "small", click: again }))));
  const trouble = h("div", { class: "stack", hidden: true, role: "alert" });
  const around = h("div", { class: "finding-around" });
  const more = button("Load more", { click: () => look.more() });
  const loaded = h("span", { class: "faint small", role: "status" });
  const rest = h("div", { class: "row finding-rest", hidden: true }, more, loaded);
  const page = h(
    "div",
    { class: "page findings-page" },
    h("div", { class: "head" }, h("div", { class: "grow" }, h("h1", null, "Diagnostics"), verdict.when)),
    recoveryPanel(project, until), verdict.element, trouble, news, tools.element,
    h("div", { class: "findings" }, list.element, around, rest),
  );
  host.append(page);

  const draw = () => {
    const looked = look.looked.get();
    const filter = filterOf(query());
    if (!looked) {
      fill(around, look.trouble.get() ? null : skeleton());
      return;
    }
    const groups = groupsOf(looked.found, filter);
    const isFiltered = Boolean(filter.code || filter.text);
    list.show(groups, looked.found, isFiltered, emptyOf(looked));
    tools.show(looked, groups);
    fill(around, insteadOf(project, looked, groups, isFiltered));
    drawRest();
  };
  const drawRest = () => {
    const found = look.looked.get()?.found;
    const isFetching = look.isFetching.get();
    rest.hidden = !found?.next;
    if (!found?.next) return;
    more.textContent = isFetching ? "Loading…" : "Load more";
    fill(loaded, `${number(found.findings.length)} of ${count(found.total, "finding")}`);
  };

  look.looked.watch(draw, until);
  look.isFetching.watch(drawRest, until);
  look.isOld.watch((isOld) => (news.hidden = !isOld), until);
  look.trouble.watch((what) => {
    trouble.hidden = !what;
    fill(trouble, what ? troubleOf(what) : null);
    draw();
  }, until);
  route.watch(() => {
    if (route.get().project !== project.id || route.get().part !== "diagnostics") return;
    const now = askedOf(query());
    if (now !== asked) {
      asked = now;
      again();
    }
    draw();
  }, until);

  const lookQuietly = soon(async () => {
    if (document.hidden || look.running.get() || !look.hasNews()) return;
    // A deep look decodes everything: that is asked for by a person, each time.
    if (look.looked.get()?.wanted.deep) look.isOld.set(true);
    else await look.look(look.looked.get()?.wanted ?? wanted(), { isQuiet: Boolean(look.looked.get()) });
    await new Promise((done) => setTimeout(done, Math.min(5000, 2 * (look.looked.get()?.tookMs ?? 0))));
  }, QUIET_MS, until);
  project.changed.hear((subjects) => {
    if (!subjects.has("findings")) return;
    // All at once: events were missed, or the service is a new one.
    if (subjects.has("build") && subjects.has("history") && subjects.has("quarantine")) look.forget();
    lookQuietly();
  }, until);
  document.addEventListener("visibilitychange", lookQuietly, { signal: until });
  look.running.watch((running) => running === null && look.looked.get() && lookQuietly(), until);

  const had = look.looked.get();
  if (!had || had.wanted.scope !== wanted().scope || had.wanted.deep !== wanted().deep || (query().get("look") && look.asked !== query().get("look"))) again();
  look.asked = query().get("look");
  host.scrollTop = look.scrolled;
  host.addEventListener("scroll", () => (look.scrolled = host.scrollTop), { passive: true, signal: until });
}

/** @param {URLSearchParams} query @returns {Wanted} */
const wantedOf = (query) => ({ scope: query.get("scope") === "registered" ? "registered" : "workspace", deep: query.get("deep") === "yes" });

/** What of it the address says: nothing of what goes without saying. @param {Wanted} wanted @returns {Record<string, string>} */
const addressOf = ({ scope, deep }) => ({ ...(scope === "workspace" ? {} : { scope }), ...(deep ? { deep: "yes" } : {}) });

/** @param {URLSearchParams} query */
const askedOf = (query) => ["look", "scope", "deep"].map((name) => query.get(name) ?? "").join(" ");

/** @param {URLSearchParams} query */
const filterOf = (query) => ({ code: query.get("code"), text: query.get("q") ?? "" });

/**
 * @param {ReturnType<typeof findingList>} list
 * @param {AbortSignal} until
 */
function toolbar(list, until) {
  /**
   * @param {Wanted["scope"]} value
   * @param {string} label
   * @param {string} title
   */
  const scope = (value, label, title) => h("button", { class: "button small", title, on: { click: () => note({ scope: value === "workspace" ? null : value }) }, data: { scope: value } }, label);
  const scopes = [scope("registered", "Registered", "The registered assets alone: what blocks builds"), scope("workspace", "Workspace", "Everything below the assets folder, and the project's own files")];
  const deep = h("input", { type: "checkbox", id: "deep", on: { change: () => note({ deep: deep.checked ? "yes" : null }) } });
  const text = h("input", { class: "field", type: "search", placeholder: "Filter by words or paths", "aria-label": "Filter the findings by text", autocomplete: "off", spellcheck: "false" });
  const filterSoon = soon(() => note({ q: text.value.trim() || null }), 120, until);
  text.addEventListener("input", filterSoon);
  const code = h("select", { class: "field", "aria-label": "Filter the findings by code", on: { change: () => note({ code: code.value || null }) } }, h("option", { value: "" }, "All codes"));
  const open = button("Open all", { tone: "small quiet", click: () => list.openAll(true) });
  const close = button("Close all", { tone: "small quiet", click: () => list.openAll(false) });
  let options = "";

  route.watch(({ query }) => {
    const { scope: now, deep: isDeep } = wantedOf(query);
    for (const one of scopes) one.setAttribute("aria-pressed", String(one.dataset.scope === now));
    deep.checked = isDeep;
    if (document.activeElement !== text) text.value = query.get("q") ?? "";
    code.value = query.get("code") ?? "";
  }, until);

  return {
    element: h(
      "div",
      { class: "finding-tools", role: "toolbar", "aria-label": "What is looked at and shown" },
      h("div", { class: "finding-scopes", role: "group", "aria-label": "What is looked at" }, scopes),
      h("label", { class: "row finding-deep", title: "Decodes every source, reads the whole cache again and verifies the last pack" }, deep, "Deep"),
      h("div", { class: "finding-search" }, icon("search"), text), code,
      h("div", { class: "grow" }), open, close,
    ),
    /**
     * @param {Looked} looked
     * @param {Group[]} groups
     */
    show({ found }, groups) {
      const names = new Map(found.findings.map((one) => [/** @type {string} */ (one.code), one.name]));
      const chosen = filterOf(route.get().query).code ?? "";
      const known = Object.entries(found.data.counts).sort(([a], [b]) => (a.startsWith(b.charAt(0)) ? (a < b ? -1 : 1) : a < b ? 1 : -1));
      if (chosen && !known.some(([one]) => one === chosen)) known.push([chosen, 0]);
      const now = JSON.stringify([known, chosen]);
      if (now !== options) {
        options = now;
        fill(code, h("option", { value: "" }, "All codes"), known.map(([one, n]) => h("option", { value: one }, `${one} ${names.get(one) ?? ""} (${number(n)})`)));
        code.value = chosen;
      }
      open.disabled = close.disabled = groups.length === 0;
    },
  };
}

/**
 * Previews safe fixes; what was refused is said.
 *
 * @param {Project} project
 * @param {{ scope: Wanted["scope"], only?: string[], fingerprints?: string[] }} request
 * @param {string} title
 */
async function fix(project, request, title) {
  const done = await preview(project, "apply_fixes", request, title);
  const refused = /** @type {{ message: string }[]} */ (done?.data.refused ?? []);
  if (refused.length) toast("warn", `${count(refused.length, "fix", "fixes")} refused`, { detail: [...new Set(refused.map((one) => sentence(one.message)))].slice(0, 3).join("; ") });
}

/**
 * Asks why the findings of a code are meant to be, and previews the settings that say so.
 *
 * @param {Project} project
 * @param {Group} group
 */
function allow(project, group) {
  const box = openDialog("box", `Allow ${group.code} ${group.name}`);
  const reason = h("input", { class: "field", id: "allow-reason", maxlength: "300", autocomplete: "off", "aria-describedby": "allow-hint" });
  const say = h("p", { class: "error", role: "alert", hidden: true }, "Say why: who reads the settings later wants to know.");
  const ask = async () => {
    say.hidden = Boolean(reason.value.trim());
    reason.setAttribute("aria-invalid", String(!say.hidden));
    if (!say.hidden) {
      reason.focus();
      return;
    }
    box.close();
    await preview(project, "allow_findings", { reason: reason.value.trim(), only: [group.code] }, `Allow ${group.code} ${group.name}`);
  };
  const form = h(
    "form",
    { class: "stack", on: { submit: (/** @type {SubmitEvent} */ event) => (event.preventDefault(), ask()) } },
    h("p", null, `Says in packwright.toml that ${group.total === 1 ? "the finding" : `the ${number(group.total)} findings`} of this code ${group.total === 1 ? "is" : "are"} meant to be. ${group.total === 1 ? "It is" : "They are"} not shown any more, and come back when you take the entry out.`),
    h("p", { class: "soft small" }, "A finding is allowed by its path. Where a folder holds many, it is allowed as a whole: the plan shows each pattern."),
    h("div", null, h("label", { class: "label", for: "allow-reason" }, "Why they are meant to be"), reason, h("p", { class: "hint", id: "allow-hint" }, "Such as: placeholders are meant to be the same")),
    say,
  );
  fill(box.main, form);
  fill(box.foot, button("Cancel", { click: box.close }), button("See the plan…", { tone: "primary", click: ask }));
  reason.focus();
}

/** What offers a wider look, or a deeper one. @param {Wanted} wanted */
const offersOf = ({ scope, deep }) => ({
  wide: scope === "registered" ? button("Look at the whole workspace", { icon: "folder", tone: "small", click: () => note({ scope: null }) }) : null,
  deep: deep ? null : button("Look deep", { icon: "search", tone: "small", title: "Decodes every source, reads the whole cache again and verifies the last pack", click: () => note({ deep: "yes" }) }),
});

/**
 * What is said of a class that nothing was found of; nothing, where nothing was found at all.
 *
 * @param {Looked} looked
 * @returns {Record<Group["class"], HTMLElement | null>}
 */
function emptyOf({ found, wanted }) {
  if (found.total === 0) return { structural: null, hygiene: null };
  const isWhole = found.data.failed.length === 0;
  return {
    structural: h("p", { class: "finding-quiet good" }, icon("check"), "Nothing structural: builds are not blocked."),
    hygiene: wanted.scope === "registered"
      ? h("div", { class: "finding-quiet" }, icon("minus"), h("span", { class: "grow" }, "Not looked at: this was a look at the registered assets alone."), offersOf(wanted).wide)
      : h("p", { class: `finding-quiet ${isWhole ? "good" : ""}` }, icon(isWhole ? "check" : "minus"), isWhole ? "Nothing untidy in the workspace." : "Nothing was found by the checks that could run."),
  };
}

/**
 * What stands in the place of the groups, where there are none.
 *
 * @param {Project} project
 * @param {Looked} looked
 * @param {Group[]} groups
 * @param {boolean} isFiltered
 */
function insteadOf(project, { found, wanted }, groups, isFiltered) {
  if (groups.length) return null;
  if (isFiltered) return empty("filter", "No finding matches", found.next ? "None of those that are loaded." : "There are others.", button("Show all", { click: () => note({ q: null, code: null }) }));
  if (found.total) return null;
  const { wide, deep } = offersOf(wanted);
  const assets = project.status.get()?.counts.registered;
  const looked = [assets === undefined ? null : count(assets, "registered asset"), count(found.data.checks.length, "check"), found.data.allowed ? `${count(found.data.allowed, "finding")} allowed` : null];
  const text = wanted.scope === "workspace" ? "Nothing blocks a build, and nothing in the workspace is untidy." : "Nothing blocks a build. What is untidy around the assets was not looked for.";
  return empty("shield", found.data.failed.length ? "Nothing was found" : "Nothing to put right", `${text} Looked at: ${looked.filter(Boolean).join(", ")}.`, wide, deep);
}

/** @param {Trouble} trouble */
function troubleOf({ summary, response, isCancelled }) {
  return response?.blockers.length ? blockerList(response.blockers) : notice(isCancelled ? "info" : "bad", sentence(summary));
}

const skeleton = () =>
  h("div", { class: "finding-groups", "aria-hidden": "true" }, [3, 1, 2].map((n) => h("div", { class: "finding-group" }, h("div", { class: "finding-group-head finding-bones" }, h("div", { class: "finding-bone short" })), h("div", { class: "finding-group-body stack finding-bones" }, Array.from({ length: n }, () => h("div", { class: "finding-bone wide" }))))));
