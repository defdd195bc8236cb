// @ts-check
// The one event stream of the page: read by `fetch`, so that heartbeats are seen and silence is noticed.
//
// It goes on where it stopped: after a lost connection, a restart of the service (which begins with `stream_gap`) or a
// laptop's sleep. What was missed is told by the service, never guessed here.

/** @import { PackerEvent } from "./types.js" */

/** @typedef {"connecting" | "connected" | "lost" | "signed_out"} Connection */

/** Longer silence than two heartbeats: the connection is dead, whatever the system says. */
const SILENCE_MS = 35_000;
const RETRY_MS = [250, 500, 1000, 2000];
const SLOWEST_RETRY_MS = 4000;

/**
 * @param {{ from: string | null, heard: (events: PackerEvent[]) => void, said: (connection: Connection) => void,
 *   until: AbortSignal }} wanted `from` is the id of the last event known, `RUN:CURSOR`.
 */
export async function listen({ from, heard, said, until }) {
  let last = from;
  let failures = 0;
  said("connecting");
  while (!until.aborted) {
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    until.addEventListener("abort", stop, { once: true });
    const wake = watchSilence(stop);
    try {
      const headers = last ? { accept: "text/event-stream", "last-event-id": last } : { accept: "text/event-stream" };
      const answer = await fetch("/api/v1/events", { headers, signal: attempt.signal, cache: "no-store" });
      if (answer.status === 401) {
        said("signed_out");
        return;
      }
      if (!answer.ok || !answer.body) throw new Error(`status ${answer.status}`);
      failures = 0;
      said("connected");
      for await (const { id, events } of frames(answer.body, wake.heard)) {
        if (id) last = id;
        if (events.length) heard(events);
      }
    } catch {
      // Said below: what was wrong matters less than that nothing comes any more.
    } finally {
      wake.end();
      until.removeEventListener("abort", stop);
    }
    if (until.aborted) return;
    said("lost");
    await pause(RETRY_MS[failures] ?? SLOWEST_RETRY_MS, until);
    failures += 1;
  }
}

/**
 * Ends an attempt that nothing came from for too long; looked at again when a laptop wakes or the page is shown.
 *
 * @param {() => void} stop
 */
function watchSilence(stop) {
  let newest = Date.now();
  const look = () => {
    if (Date.now() - newest > SILENCE_MS) stop();
  };
  const timer = setInterval(look, 5000);
  const shown = () => document.visibilityState === "visible" && look();
  document.addEventListener("visibilitychange", shown);
  return {
    heard: () => {
      newest = Date.now();
    },
    end: () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", shown);
    },
  };
}

/**
 * The events of a body, in the batches that they arrive in.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @param {() => void} heardAnything
 */
async function* frames(body, heardAnything) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new FrameParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heardAnything();
      const frames = parser.push(decoder.decode(value, { stream: true }));
      if (frames.length) yield { id: frames.findLast((frame) => frame.id)?.id ?? null, events: frames.flatMap(parsed) };
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * @param {{ data: string }} frame
 * @returns {PackerEvent[]}
 */
function parsed({ data }) {
  if (!data) return [];
  try {
    return [JSON.parse(data)];
  } catch {
    return [];
  }
}

/** Cuts a text of server-sent events into frames, however it was cut up on the way. */
export class FrameParser {
  #rest = "";

  /**
   * @param {string} text
   * @returns {{ id: string | null, data: string }[]}
   */
  push(text) {
    const blocks = (this.#rest + text).replaceAll("\r\n", "\n").split("\n\n");
    this.#rest = blocks.pop() ?? "";
    return blocks.map((block) => {
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
    });
  }
}

/**
 * @param {number} ms
 * @param {AbortSignal} until
 */
function pause(ms, until) {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      until.removeEventListener("abort", end);
      done(undefined);
    };
    const timer = setTimeout(end, ms);
    window.addEventListener("online", end, { once: true });
    until.addEventListener("abort", end, { once: true });
  });
}
