// @ts-check
// Where the page begins: the frame, the part that the address names, and what happens when the service is away.

import { SignedOut } from "./api.js";
import { fill, h } from "./dom.js";
import { follow, link, go, route } from "./router.js";
import { frame } from "./shell.js";
import { notice } from "./ui/places.js";
import * as views from "./views/index.js";
import { home } from "./views/home.js";
import * as workspace from "./workspace.js";

/** @typedef {{ project: import("./project.js").Project, host: HTMLElement, until: AbortSignal }} ViewContext */

const app = /** @type {HTMLElement} */ (document.getElementById("app"));

let shown = new AbortController();
let shownAs = "";

/** Shows what the address names; a part that is shown already hears of changes of its query by itself. */
function show() {
  const { project: id, part } = route.get();
  const project = id ? workspace.project(id) : null;
  const name = project ? `${project.id}/${part}` : "";
  if (name === shownAs && name) return;
  const had = shownAs;
  shownAs = name;
  shown.abort();
  shown = new AbortController();
  if (!project) {
    document.title = "Packwright";
    app.className = "app home";
    home(app, shown.signal, id);
    return;
  }
  document.title = `${project.name} · Packwright`;
  app.className = "app";
  const main = frame(app, project, part, shown.signal);
  views.of(part)({ project, host: main, until: shown.signal });
  if (had) main.focus({ preventScroll: true });
}

// The address bar says which part is open, so this link must not write into it.
document.querySelector(".skip")?.addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main")?.focus();
});

async function start() {
  try {
    await workspace.begin();
  } catch (error) {
    const isSignedOut = error instanceof SignedOut;
    const text = isSignedOut
      ? "This browser is not signed in. Run `packwright studio` again, and open the address that it prints."
      : "The service does not answer. Start it with `packwright studio`; this page goes on by itself.";
    fill(app, h("main", { id: "main", class: "main" }, h("div", { class: "page" }, notice("bad", text))));
    if (!isSignedOut) setTimeout(start, 1000);
    return;
  }
  follow();
  const all = workspace.listed.get() ?? [];
  const [only] = all;
  if (!route.get().project && all.length === 1 && only?.project_id) go(link(only.project_id, "assets"));
  route.watch(show);
}

start();
