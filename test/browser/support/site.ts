import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { after } from "node:test";
import { fetchLocally } from "../../e2e/support/https";
import { Project } from "../../e2e/support/project";
import { LocalServer } from "../../e2e/support/server";

const STACK = "test-browser";

/** A running Battery Hub. */
export interface Site {
  readonly urls: { readonly main: string; readonly api: string; readonly panel: string };
  readonly adminPassword: string;
  /** Root certificate of its HTTPS; empty where it is plain HTTP on localhost. */
  readonly authority: string;
  /** SHA-256 hashes of the public keys that the browser is to trust, base64. */
  readonly trustedKeys: readonly string[];
  /** Command that runs the SQL it reads from its input, as the database's superuser. */
  readonly psql: readonly string[];
}

let started: Promise<Site> | undefined;
let stack: Project | undefined;

after(async () => {
  await stack?.make("down");
  stack?.dispose();
});

/**
 * The site that all files of the part share, started by the first that asks and removed at the end: a local stack of
 * its own by `make up`. While the pages are worked on, BROWSER_SITE names a JSON file of a running, empty one instead.
 */
export function site(): Promise<Site> {
  started ??= process.env.BROWSER_SITE === undefined ? startStack() : readSite();
  return started;
}

/** Runs SQL on the site's database, for what no visitor can bring about, e.g. silence of a battery. */
export async function sql(statement: string): Promise<void> {
  const [command = "", ...args] = (await site()).psql;
  execFileSync(command, args, { input: statement, stdio: ["pipe", "ignore", "inherit"] });
}

function readSite(): Promise<Site> {
  const file = process.env.BROWSER_SITE ?? "";
  return Promise.resolve(JSON.parse(readFileSync(file, "utf8")) as Site);
}

async function startStack(): Promise<Site> {
  const project = (stack = new Project(STACK));
  project.removeLeftServer();
  const { status, output } = await project.make("up");
  assert.equal(status, 0, output);
  const urls = JSON.parse(await project.output("urls")) as Site["urls"];
  const authority = await project.output("certificateRoot");
  const server = new LocalServer(STACK);
  const database = server.run("docker", "ps", "--quiet", "--filter", "name=postgres");
  return {
    urls,
    authority,
    adminPassword: await project.output("adminPassword"),
    trustedKeys: [await verifiedKey(urls.main, authority)],
    psql: psql(server.machine, database),
  };
}

/** The hash of the key that a site proved to have, to a client that trusts its authority alone. */
async function verifiedKey(url: string, authority: string): Promise<string> {
  const { certificate } = await fetchLocally(url, authority);
  const key = new X509Certificate(certificate.raw).publicKey;
  return createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("base64");
}

function psql(machine: string, container: string): readonly string[] {
  const inside = ["docker", "exec", "--interactive", container];
  const client = ["psql", "--username=postgres", "--dbname=beppp", "--set=ON_ERROR_STOP=1"];
  return ["docker", "exec", "--interactive", machine, ...inside, ...client];
}
