// @ts-check
// All that is open: the projects, the one event stream, and how the connection is.

/** @import { PackerEvent, ProjectListed } from "./types.js" */
/** @import { Connection } from "./stream.js" */

import * as api from "./api.js";
import { Project } from "./project.js";
import { signal } from "./signal.js";
import { listen } from "./stream.js";

/** What the service lists, those that cannot be opened too. */
export const listed = signal(/** @type {ProjectListed[] | null} */ (null));
export const connection = signal(/** @type {Connection} */ ("connecting"));

/** @type {Map<string, Project>} */
const projects = new Map();

/** @param {string} id */
export const project = (id) => projects.get(id) ?? null;

/** Asks which projects are open, and gets to know new ones. */
export async function readProjects() {
  const all = await api.projects();
  for (const { project_id: id, name, path } of all) {
    if (id && !projects.has(id)) {
      const made = new Project(id, name ?? path, path);
      projects.set(id, made);
      await made.readStatus();
    }
  }
  listed.set(all);
}

/** Begins to listen, from the beginning of what the service still knows of this run. */
export async function begin() {
  await readProjects();
  const run = [...projects.values()].map((one) => one.status.get()?.run_id).find(Boolean);
  let wasLost = false;
  listen({
    from: run ? `${run}:0` : null,
    heard: hear,
    until: new AbortController().signal,
    said(now) {
      connection.set(now);
      if (now === "lost") wasLost = true;
      if (now === "connected" && wasLost) {
        wasLost = false;
        readAgain();
      }
    },
  });
}

/** After a lost connection nothing that is shown is taken for granted. */
function readAgain() {
  readProjects().catch(() => {});
  for (const one of projects.values()) one.readAgain();
}

const NOBODY = "00000000-0000-0000-0000-000000000000";

/** @param {PackerEvent[]} events */
function hear(events) {
  /** @type {Map<string, PackerEvent[]>} */
  const byProject = new Map();
  for (const event of events) {
    if (event.project_id === NOBODY) {
      readAgain();
      continue;
    }
    const some = byProject.get(event.project_id);
    if (some) some.push(event);
    else byProject.set(event.project_id, [event]);
  }
  for (const [id, some] of byProject) {
    const known = projects.get(id);
    if (known) known.hear(some);
    else readProjects().then(() => projects.get(id)?.hear(some), () => {});
  }
}
