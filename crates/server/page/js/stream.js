// @ts-check
// The one event stream of the page: read by `fetch`, so that heartbeats are seen and silence is noticed.
//
// It goes on where it stopped: after a lost connection, a restart of the service (which begins with `stream_gap`) or a
// laptop's sleep. What was missed is told by the service, never guessed here. However much comes at once, the page stays
// usable: it is taken in slices, and the browser has its turn between them.

/** @import { PackerEvent } from "./types.js" */

/** @typedef {"connecting" | "connected" | "lost" | "signed_out"} Connection */

/** Longer silence than two heartbeats: the connection is dead, whatever the system says. */
const SILENCE_MS = 35_000;
/** A page that nobody sees for this long gives its connection to others: a browser has six for one address. */
const UNSEEN_MS = 60_000;
const RETRY_MS = [250, 500, 1000, 2000, 4000];
/** How long events are worked on without a pause, and how many are told at once. */
const SLICE_MS = 8;
const BATCH_EVENTS = 256;
const BATCH_LENGTH = 128 * 1024;

/**
 * @param {{ from: string | null, heard: (events: PackerEvent[], run: string) => void,
 *   said: (connection: Connection) => void, until: AbortSignal }} wanted `from` is the id of the last event known,
 *   `RUN:CURSOR`. Events that are told together are of one run.
 */
export async function listen({ from, heard, said, until }) {
  let last = from;
  let failures = 0;
  said("connecting");
  while (!until.aborted) {
    if (document.visibilityState === "hidden" && failures === 0) await seen(until);
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    until.addEventListener("abort", stop, { once: true });
    const watch = watchSilence(stop);
    /** @type {Connection} */
    let became = "lost";
    try {
      const headers = last ? { accept: "text/event-stream", "last-event-id": last } : { accept: "text/event-stream" };
      const answer = await fetch("/api/v1/events", { headers, signal: attempt.signal, cache: "no-store" });
      if (answer.status === 401) became = "signed_out";
      // An id that the service cannot read: what there is from now on is better than nothing for ever.
      if (answer.status === 400 || answer.status === 422) last = null;
      if (!answer.ok || !answer.body) throw new Error(`status ${answer.status}`);
      said("connected");
      let began = performance.now();
      for await (const { id, run, events } of batches(answer.body, watch.heard)) {
        failures = 0;
        if (id) last = id;
        if (events.length) tell(() => heard(events, run));
        if (performance.now() - began < SLICE_MS) continue;
        await breath();
        began = performance.now();
      }
    } catch {
      // Said below: what was wrong matters less than that nothing comes any more.
    } finally {
      watch.end();
      until.removeEventListener("abort", stop);
      stop();
    }
    if (until.aborted) return;
    if (watch.isUnseen()) continue;
    said(became);
    await pause(RETRY_MS[Math.min(became === "lost" ? failures : RETRY_MS.length, RETRY_MS.length - 1)] ?? 0, until);
    failures += 1;
  }
}

/**
 * What goes wrong in one who hears is that one's, and does not end the stream.
 *
 * @param {() => void} work
 */
function tell(work) {
  try {
    work();
  } catch (error) {
    console.error(error);
  }
}

/** The browser's turn: a task of its own, which is not slowed down in a page that is not seen, as timers are. */
function breath() {
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done(undefined);
    };
    port2.postMessage(null);
  });
}

/**
 * Waits until the page is seen.
 *
 * @param {AbortSignal} until
 */
function seen(until) {
  return new Promise((done) => {
    const look = () => {
      if (document.visibilityState === "hidden" && !until.aborted) return;
      document.removeEventListener("visibilitychange", look);
      until.removeEventListener("abort", look);
      done(undefined);
    };
    document.addEventListener("visibilitychange", look);
    until.addEventListener("abort", look);
    look();
  });
}

/**
 * Ends an attempt that nothing came from for too long, or that nobody sees the result of; looked at again when a laptop
 * wakes or the page is shown.
 *
 * @param {() => void} stop
 */
function watchSilence(stop) {
  let newest = Date.now();
  let isUnseen = false;
  let hidden = document.visibilityState === "hidden" ? newest : null;
  const look = () => {
    const now = Date.now();
    hidden = document.visibilityState === "hidden" ? (hidden ?? now) : null;
    isUnseen = hidden !== null && now - hidden > UNSEEN_MS;
    if (isUnseen || now - newest > SILENCE_MS) stop();
  };
  const timer = setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
  return {
    heard: () => {
      newest = Date.now();
    },
    isUnseen: () => isUnseen,
    end: () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    },
  };
}

/**
 * The events of a body, in the batches that they arrive in, or smaller ones.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @param {() => void} heardAnything
 */
async function* batches(body, heardAnything) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new FrameParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heardAnything();
      yield* cut(parser.push(decoder.decode(value, { stream: true })));
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * Frames as batches of events of one run, none of them large. `id` is that of the last frame in it.
 *
 * @param {{ id: string | null, data: string }[]} frames
 * @returns {Generator<{ id: string | null, run: string, events: PackerEvent[] }>}
 */
export function* cut(frames) {
  /** @type {{ id: string | null, run: string, events: PackerEvent[] }} */
  let batch = { id: null, run: "", events: [] };
  let length = 0;
  for (const { id, data } of frames) {
    const event = parsed(data);
    const run = id?.slice(0, id.lastIndexOf(":")) ?? batch.run;
    const isFull = batch.events.length >= BATCH_EVENTS || length > BATCH_LENGTH || (event !== null && run !== batch.run);
    if (isFull && batch.events.length) {
      yield batch;
      batch = { id: null, run: "", events: [] };
      length = 0;
    }
    if (event) {
      batch.run = run;
      batch.events.push(event);
    }
    batch.id = id ?? batch.id;
    length += data.length;
  }
  if (batch.id || batch.events.length) yield batch;
}

/**
 * @param {string} data
 * @returns {PackerEvent | null}
 */
function parsed(data) {
  if (!data) return null;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

/** Cuts a text of server-sent events into frames, however it was cut up on the way. */
export class FrameParser {
  /** What no end of a frame was found in yet: put together when one comes, not at each piece. @type {string[]} */
  #pieces = [];
  /** The end of that: the end of a frame may be cut in two. */
  #tail = "";

  /**
   * @param {string} text
   * @returns {{ id: string | null, data: string }[]} One for each frame, those without data too.
   */
  push(text) {
    const seam = this.#tail + text;
    this.#pieces.push(text);
    this.#tail = seam.slice(-3);
    if (!/\n\r?\n/.test(seam)) return [];
    const blocks = this.#pieces.join("").replaceAll("\r\n", "\n").split("\n\n");
    this.#pieces = [blocks.pop() ?? ""];
    return blocks.map(frame);
  }
}

/**
 * @param {string} block
 * @returns {{ id: string | null, data: string }}
 */
function frame(block) {
  /** @type {string | null} */
  let id = null;
  /** @type {string[]} */
  const data = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).replace(/^ /, "");
    if (line.startsWith("id:")) id = value;
    else if (line.startsWith("data:")) data.push(value);
  }
  return { id, data: data.join("\n") };
}

/**
 * Waits, or until the network is back or the page is seen.
 *
 * @param {number} ms
 * @param {AbortSignal} until
 */
function pause(ms, until) {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      document.removeEventListener("visibilitychange", shown);
      until.removeEventListener("abort", end);
      done(undefined);
    };
    const shown = () => document.visibilityState === "visible" && end();
    const timer = setTimeout(end, ms);
    window.addEventListener("online", end, { once: true });
    document.addEventListener("visibilitychange", shown);
    until.addEventListener("abort", end, { once: true });
  });
}
