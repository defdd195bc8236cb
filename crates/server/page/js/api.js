// @ts-check
// The service, as this page calls it. Every answer is a `Response`; what never came to an answer is `Unreachable`.

/** @import { Response, ServiceName, RequestOf, ResponseOf, ProjectListed } from "./types.js" */

/** The service did not answer: it is not running, or was stopped meanwhile. */
export class Unreachable extends Error {}

/** The service does not know this browser (any more). */
export class SignedOut extends Error {}

const BASE = "/api/v1";

/**
 * @param {string} method
 * @param {string} path
 * @param {{ body?: unknown, headers?: Record<string, string>, signal?: AbortSignal }} [options]
 * @returns {Promise<{ http: number, response: any }>}
 */
async function ask(method, path, { body, headers = {}, signal } = {}) {
  const request = {
    method,
    signal: signal ?? null,
    headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  let answer;
  try {
    answer = await fetch(BASE + path, request);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable("the service does not answer", { cause: error });
  }
  if (answer.status === 401) throw new SignedOut("the service does not know this browser");
  let response;
  try {
    response = await answer.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable(`the service's answer (${answer.status}) was cut off`, { cause: error });
  }
  return { http: answer.status, response };
}

/** @param {string} project */
const of = (project) => `/projects/${encodeURIComponent(project)}`;

/**
 * The open projects.
 *
 * @returns {Promise<ProjectListed[]>}
 */
export async function projects() {
  const { response } = await ask("GET", "/projects");
  return response.data.projects;
}

/**
 * Opens a workspace, or makes one.
 *
 * @param {{ path: string, init?: boolean, name?: string }} wanted
 * @returns {Promise<Response>}
 */
export async function openProject(wanted) {
  return (await ask("POST", "/projects", { body: wanted })).response;
}

/**
 * Asks a service and waits for its answer.
 *
 * @template {ServiceName} S
 * @param {string} project
 * @param {S} service
 * @param {RequestOf<S>} request
 * @param {AbortSignal} [signal] Stops the waiting, not the operation.
 * @returns {Promise<ResponseOf<S>>}
 */
export async function call(project, service, request, signal) {
  const options = signal ? { body: request, signal } : { body: request };
  return (await ask("POST", `${of(project)}/services/${service}`, options)).response;
}

/**
 * Asks for an operation that takes its time, and does not wait for its end.
 *
 * @template {ServiceName} S
 * @param {string} project
 * @param {S} service
 * @param {RequestOf<S>} request
 * @returns {Promise<{ isRunning: boolean, response: ResponseOf<S> }>} Its answer, where that was there at once; else what
 *   was accepted, with the operation's id.
 */
export async function submit(project, service, request) {
  const options = { body: request, headers: { prefer: "respond-async" } };
  const { http, response } = await ask("POST", `${of(project)}/services/${service}`, options);
  return { isRunning: http === 202, response };
}

/**
 * A running or finished operation.
 *
 * @param {string} project
 * @param {string} operation
 * @returns {Promise<{ isRunning: boolean, response: any }>}
 */
export async function operation(project, operation) {
  const { http, response } = await ask("GET", `${of(project)}/operations/${operation}`);
  return { isRunning: http === 202, response };
}

/**
 * Tells an operation to stop at its next safe point.
 *
 * @param {string} project
 * @param {string} operation
 * @returns {Promise<Response>}
 */
export async function cancel(project, operation) {
  return (await ask("DELETE", `${of(project)}/operations/${operation}`)).response;
}

/**
 * Where the bytes of a source or part are.
 *
 * @param {string} project
 * @param {string} hash
 */
export const contentUrl = (project, hash) => `${BASE}${of(project)}/content/${encodeURIComponent(hash)}`;

/**
 * Where a picture of it is, if it has one.
 *
 * @param {string} project
 * @param {string} hash
 */
export const thumbnailUrl = (project, hash) => `${contentUrl(project, hash)}/thumbnail`;

/**
 * What a code of a finding means, as its manual page says it.
 *
 * @param {string} code
 * @returns {Promise<{ code: string, name: string, class: string, severity: string, page: string } | null>}
 */
export async function explain(code) {
  const { http, response } = await ask("GET", `/diagnostics/${encodeURIComponent(code)}`);
  return http === 200 ? response.data : null;
}
