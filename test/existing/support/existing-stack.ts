import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { type Outcome, Project } from "../../e2e/support/project";
import { output } from "../../support/script";
import { DOMAINS, type ExistingMachine } from "./existing-machine";

/** A stack whose target is a machine that is there already, driven from a copy of the tree. */
export class ExistingStack {
  readonly project: Project;

  constructor(
    private readonly machine: ExistingMachine,
    stack: string,
  ) {
    this.project = new Project(stack);
  }

  /** Writes the stack's configuration; settings take the place of those that every such stack has. */
  async configure(settings: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { project, machine } = this;
    project.add("authority.pem", `${machine.authority}\n`);
    const path = join(project.folder, `Pulumi.${project.stack}.yaml`);
    const { config, ...rest } = parse(readFileSync(path, "utf8")) as {
      config: Record<string, unknown>;
    };
    const own: Record<string, unknown> = {
      target: "existing",
      domains: DOMAINS,
      publicPort: 443,
      trustedCertificates: "authority.pem",
      imageCompression: "gzip",
      // The authority's name is known on the machine only, and state lies where the copy of the tree does.
      skipPreflight: ["certificate-authority", "state-backend", "secrets-provider"],
      existingServer: { address: machine.address, user: "root", hostKey: machine.hostKey },
      ...settings,
    };
    for (const [key, value] of Object.entries(own)) config[`berth:${key}`] = value;
    writeFileSync(path, stringify({ ...rest, config }));
    // On stdin, so that the key is no argument of a process.
    const set =
      'cd "$1" && pulumi stack select --create "$2" --non-interactive >/dev/null 2>&1 </dev/null && ' +
      'pulumi config set --secret existingServerKey --stack "$2" --non-interactive';
    await output("sh", ["-c", set, "sh", project.folder, project.stack], {
      stdin: machine.rootKey,
      env: definedVariables(project.environment),
    });
  }

  /** `make up`. */
  async up(): Promise<Outcome> {
    return this.project.make("up");
  }

  /** The names and colours of the checks as `make checks` prints them. */
  async checks(): Promise<Outcome> {
    return this.project.make("checks");
  }

  /** Removes the copy of the tree. */
  dispose(): void {
    this.project.dispose();
  }
}

function definedVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}
