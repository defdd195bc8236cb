// The service as a person starts it: the built program, on a port of its own, ended when the test ends.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { emptyFolder, REPOSITORY } from "./folders.js";

/** @typedef {import("./folders.js").Test} Test */
/** @typedef {import("../../page/js/types.js").Response} Response */
/** @typedef {{ project_id: string, name: string, path: string }} Listed */

/** The program: `PACKWRIGHT`, or what `cargo build` makes. */
export function program() {
  const path = process.env["PACKWRIGHT"] ?? join(REPOSITORY, "target/debug/packwright");
  if (!existsSync(path)) throw new Error(`there is no ${path}: run \`cargo build\`, or name a packwright in PACKWRIGHT`);
  return path;
}

export class Service {
  url = "";
  token = "";
  port = 0;
  /** @type {Listed[]} */
  projects = [];
  /** @type {import("node:child_process").ChildProcess | null} */
  #process = null;
  /** @type {Promise<unknown>} */
  #ended = Promise.resolve();

  /**
   * @param {string[]} folders
   * @param {string} state Where the key of logins is kept.
   */
  constructor(folders, state) {
    this.folders = folders;
    this.state = state;
  }

  /**
   * Starts it on these folders.
   *
   * @param {Test} test
   * @param {string[]} folders
   */
  static async start(test, folders) {
    const service = new Service(folders, emptyFolder(test));
    test.after(() => service.kill());
    await service.start();
    return service;
  }

  /** Starts it, on the port that it had before. */
  async start() {
    const page = process.env["PACKWRIGHT_PAGE"];
    const words = ["studio", ...this.folders, "--no-open", "--json", "--port", String(this.port), ...(page ? ["--page", page] : [])];
    const env = { ...process.env, XDG_STATE_HOME: this.state };
    // Without a folder it would look for a workspace here and above.
    const child = spawn(program(), words, { cwd: this.state, env, stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    let said = "";
    child.stderr.on("data", (text) => (said += text));
    this.#ended = new Promise((ended) => child.once("exit", ended));
    const lines = createInterface({ input: child.stdout });
    const line = await new Promise((resolve, reject) => {
      lines.once("line", resolve);
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`packwright studio ended with ${code}: ${said}`)));
    });
    const { url, token, projects } = JSON.parse(line);
    Object.assign(this, { url, token, projects, port: Number(new URL(url).port) });
  }

  /** Ends it as Ctrl-C does, and waits for that. */
  async stop() {
    this.#process?.kill("SIGINT");
    await this.#ended;
  }

  /** Ends it at once. */
  async kill() {
    this.#process?.kill("SIGKILL");
    await this.#ended;
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The only project, or the first. */
  get project() {
    const [first] = this.projects;
    if (!first) throw new Error("no project is open");
    return first;
  }

  /**
   * Asks a service of the first project, as a program does.
   *
   * @param {string} service
   * @param {Record<string, unknown>} [request]
   * @returns {Promise<Response>}
   */
  async ask(service, request = {}) {
    const answer = await fetch(`${this.origin}/api/v1/projects/${this.project.project_id}/services/${service}`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      body: JSON.stringify(request),
    });
    return /** @type {Response} */ (await answer.json());
  }

  /**
   * Asks for it, and fails where it is not done.
   *
   * @param {string} service
   * @param {Record<string, unknown>} [request]
   */
  async done(service, request = {}) {
    const response = await this.ask(service, request);
    if (response.status !== "ok" && response.status !== "preview") throw new Error(`${service}: ${JSON.stringify(response, null, 1)}`);
    return response;
  }

  /**
   * Previews it and applies the plan with the consents that this asks for.
   *
   * @param {string} service
   * @param {Record<string, unknown>} request
   */
  async apply(service, request) {
    const { plan } = (await this.done(service, { ...request, mode: "preview" })).data;
    return this.done(service, { plan_id: plan.plan_id, consent: plan.consent_required });
  }
}
