// @ts-check
// All that is open: the projects, the one event stream, and how the connection is.

/** @import { PackerEvent, ProjectListed } from "./types.js" */
/** @import { Connection } from "./stream.js" */

import * as api from "./api.js";
import { Project } from "./project.js";
import { signal, soon } from "./signal.js";
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

/** Nothing was heard yet: what came before cannot be missed. */
let isFirst = true;

/** Begins to listen, from the beginning of what the service still knows of this run. */
export async function begin() {
  await readProjects();
  // An id that is of no run of the stream asks for the same: all that there still is.
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

/** A gap that is about every project is of none. */
const NOBODY = "00000000-0000-0000-0000-000000000000";
/** So many events of projects that are not known yet wait until they are. */
const MOST_WAITING = 20_000;

/** @type {Map<string, { events: PackerEvent[], run: string }[]>} */
const waiting = new Map();

/** Gets to know the projects that events came of; what they are said to be then is newer than those events. */
const meet = soon(async () => {
  try {
    await readProjects();
  } catch {
    // The connection is lost; when it is back, all is read again.
  }
  for (const [id, batches] of waiting) {
    waiting.delete(id);
    for (const { events, run } of batches) projects.get(id)?.hear(events, run);
  }
}, 100);

/**
 * @param {PackerEvent[]} events
 * @param {string} run
 */
function hear(events, run) {
  const wasFirst = isFirst;
  isFirst = false;
  for (const [id, some] of byProject(events)) {
    const known = projects.get(id);
    if (known && !waiting.has(id)) known.hear(some, run);
    else if (id === NOBODY) everyProject(wasFirst ? some.filter(lost).map(ofThisRun) : some, run);
    else {
      const before = waiting.get(id) ?? [];
      if (before.reduce((n, one) => n + one.events.length, 0) < MOST_WAITING) before.push({ events: some, run });
      waiting.set(id, before);
      meet();
    }
  }
}

/**
 * The events of each project, in the order of the first of each.
 *
 * @param {PackerEvent[]} events
 */
function byProject(events) {
  /** @type {Map<string, PackerEvent[]>} */
  const all = new Map();
  for (const event of events) {
    const some = all.get(event.project_id);
    if (some) some.push(event);
    else all.set(event.project_id, [event]);
  }
  return all;
}

/** Whether a gap is one. @param {PackerEvent} gap */
const lost = ({ payload }) => (payload.to ?? 0) > 0 || (payload.lifecycle ?? 0) > 0;

/**
 * @param {PackerEvent} gap
 * @returns {PackerEvent}
 */
const ofThisRun = (gap) => ({ ...gap, payload: { ...gap.payload, other_run: null } });

/**
 * @param {PackerEvent[]} gaps
 * @param {string} run
 */
function everyProject(gaps, run) {
  for (const one of projects.values()) {
    one.enter("stream", run);
    for (const gap of gaps) one.missed(gap);
  }
  if (gaps.length) readProjects().catch(() => {});
}
