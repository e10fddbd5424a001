import assert from "node:assert/strict";
import { fetchLocally } from "../support/https";
import { Project } from "../support/project";
import { LocalServer } from "../support/server";

/** Secrets of Battery Hub. */
export const SECRETS = [
  "secretKey",
  "webhookSecret",
  "postgresPassword",
  "dbPanelPassword",
  "dbApiPassword",
  "dbMigrationPassword",
  "adminPassword",
];

/** What `/health` of Battery Hub's API says. */
export interface Health {
  readonly status: string;
  readonly version: string;
  readonly revision: string;
}

/** One stack that all cases of a file use, one after the other. */
export class RunningStack {
  readonly project: Project;
  readonly server: LocalServer;
  urls: Record<string, string> = {};
  /** PEM of the authority to trust. */
  root = "";

  constructor(readonly name: string) {
    this.project = new Project(name);
    this.server = new LocalServer(name);
  }

  /** Reads URLs and authority again. */
  async refresh(): Promise<void> {
    this.urls = JSON.parse(await this.project.output("urls")) as Record<string, string>;
    this.root = await this.project.output("certificateRoot");
  }

  /** Asks the API over HTTPS; fails where it does not answer 200. */
  async health(): Promise<Health> {
    const { status, body } = await fetchLocally(`${this.urls.api ?? ""}/health`, this.root);
    assert.equal(status, 200, body);
    return JSON.parse(body) as Health;
  }

  /** Serial number of the certificate on the server. */
  serial(): string {
    const certificate = "/srv/berth/tls/battery-hub/fullchain.pem";
    return this.server
      .run("openssl", "x509", "-in", certificate, "-noout", "-serial")
      .replace("serial=", "");
  }

  /** Runs `make up`, which has to go well. */
  async up(): Promise<string> {
    const { status, output } = await this.project.make("up");
    assert.equal(status, 0, output);
    return output;
  }

  /**
   * Runs `make up`, which has to fail with a clear end: the stage, the cause in few lines, what is kept, what comes
   * next; and no escape codes, as there is no terminal.
   */
  async upFails(stage: string, environment: NodeJS.ProcessEnv = {}): Promise<string> {
    const { status, output } = await this.project.make("up", environment);
    assert.notEqual(status, 0, output);
    const [, end = ""] = output.split(`make up failed at: ${stage}\n`);
    assert.notEqual(end, "", output);
    assert.match(end, /^Kept: +\S/m);
    assert.match(end, new RegExp(`^Next: .*make up STACK=${this.name}$`, "m"));
    assert.match(end, /^Log: .*\/log\/up-.*\.log$/m);
    assert.ok(end.split("\n").length <= 34, end);
    assert.ok(!output.includes("\u001b"), JSON.stringify(output));
    return output;
  }
}
