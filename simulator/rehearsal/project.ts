import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseDocument, stringify, parse, type Document } from "yaml";
import { accountFor } from "./account";
import { replacedKeys, type ReplacedKey } from "./replaced-keys";

/** What a rehearsal's project is made from. */
export interface RehearsalProject {
  /** The tree, absolute. */
  readonly root: string;
  readonly stack: string;
  /** Where the project goes, absolute. */
  readonly folder: string;
  /** The simulator's state folder, absolute. */
  readonly state: string;
  /** Folder of the simulated clouds' plugins. */
  readonly plugins: string;
  readonly release: string;
  /** Address that this machine has towards the servers. */
  readonly caller: string;
  /** PEM file of the authority that signed the test CA's own API. */
  readonly authority: string;
  /** PEM file of the authority of simulated databases. */
  readonly databaseAuthority: string;
  /** Public SSH key for a configuration that names no person's. */
  readonly operatorKey: string;
}

const KEY = "berth:";
const SOURCE_FILE = "source.sha256";

/**
 * Writes the project: the tree's program and configuration, and in the configuration another certificate authority and
 * the ways in. A file that was changed there by hand stays until the tree's own changes.
 */
export function writeProject(given: RehearsalProject): void {
  const { root, stack, folder, state } = given;
  mkdirSync(folder, { recursive: true });
  mkdirSync(state, { recursive: true });
  writeWhole(join(folder, "Pulumi.yaml"), projectFile(given));
  const source = readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8");
  const file = join(folder, `Pulumi.${stack}.yaml`);
  const hash = createHash("sha256").update(source).digest("hex");
  const hashFile = join(folder, SOURCE_FILE);
  const isKept =
    existsSync(file) && existsSync(hashFile) && readFileSync(hashFile, "utf8") === hash;
  const document = parseDocument(isKept ? readFileSync(file, "utf8") : source);
  if (!isKept) replaceValues(document, given);
  document.setIn(["config", `${KEY}release`], given.release);
  keepSalt(document, file);
  writeWhole(file, document.toString({ lineWidth: 0 }));
  writeWhole(hashFile, hash);
  const accounts = join(state, "account.json");
  if (!existsSync(accounts)) {
    const account = accountFor(parse(source) as { config?: Record<string, unknown> });
    writeWhole(accounts, `${JSON.stringify(account, null, 2)}\n`);
  }
}

// Another rehearsal of the same stack may read it at this moment.
function writeWhole(file: string, text: string): void {
  const incoming = `${file}.${process.pid}`;
  writeFileSync(incoming, text);
  renameSync(incoming, file);
}

/** The tree's, with the program where it is and the plugins of the simulated clouds. */
function projectFile({ root, plugins }: RehearsalProject): string {
  const project = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
  const providers = ["digitalocean", "aws"].map((name) => ({ name, path: plugins }));
  return stringify({ ...project, main: root, plugins: { providers } });
}

function replaceValues(document: Document, given: RehearsalProject): void {
  const { config } = document.toJS() as { config?: Record<string, unknown> | null };
  const values: Readonly<Record<ReplacedKey, unknown>> = {
    release: given.release,
    acmeServer: "https://acme:14000/dir",
    acmeRootUrl: "https://acme:15000/roots/0",
    // The program reads files relative to the tree.
    trustedCertificates: relative(given.root, given.authority),
    databaseAuthority: relative(given.root, given.databaseAuthority),
    operatorKeys: [given.operatorKey],
    sshCidrs: [`${given.caller}/32`],
  };
  for (const key of replacedKeys((name) => config?.[KEY + name])) {
    document.setIn(["config", KEY + key], values[key]);
  }
}

/** Pulumi writes the salt of the passphrase into the stack's file, and can't read its state without. */
function keepSalt(document: Document, file: string): void {
  if (!existsSync(file)) return;
  const { encryptionsalt } = parse(readFileSync(file, "utf8")) as { encryptionsalt?: string };
  if (encryptionsalt !== undefined) document.set("encryptionsalt", encryptionsalt);
}
