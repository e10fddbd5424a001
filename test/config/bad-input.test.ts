import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Project } from "../e2e/support/project";

const STACK = "test-input";
const FILE = `Pulumi.${STACK}.yaml`;
const COMPOSE = "apps/battery-hub/compose.yaml";
// What somebody put where it does not belong; no message may repeat it.
const SECRETS = ["geheim-unter-falschem-namen", "geheim-im-klartext", "geheim-statt-version"];

const config = (changes: string): string => `config:
  berth:domains:
    main: Battery-Hub.localhost
    api: "*.battery-hub.localhost"
    panel: panel.grüße.localhost
    shop: shop.localhost.
  berth:email: admin
  berth:acmeServer: http://acme:14000/dir
  berth:sshCidrs: [10.0.0.1]
  berth:secretVersions: { adminPasword: 2, secretKey: ${SECRETS[2]} }
  berth:volumeSizeGb: 5
  berth:imageCompression: zip
  berth:databaseBackupDays: 99
  berth:existingServer: { adress: 192.0.2.1 }
  berth:existingServerkey: ${SECRETS[0]}
${changes}`;

// Pulumi itself looks at these, and stops at the first.
const OF_TYPE = `  berth:publicPort: https
  berth:localHttpPort: 70000
  berth:skipPreflight: zone
  berth:existingServerKey: { secure: v1:bm90IGRlY3J5cHRlZA==:bm9ib2R5IGhhcyBpdHMga2V5 }
`;

const ALLOWED_NAME =
  "allowed is a name such as app.example.org, lower case, at most 253 characters";
const IN_CONFIG = [
  "existingServerkey: is no key of berth did you mean existingServerKey?",
  'domains.main: "Battery-Hub.localhost" has upper case letters write battery-hub.localhost',
  `domains.api: "*.battery-hub.localhost" is a wildcard, which the challenge by HTTP can't prove ${ALLOWED_NAME}`,
  'domains.panel: "panel.grüße.localhost" has letters beyond ASCII write its xn-- form: panel.xn--gre-6ka8l.localhost',
  'domains.shop: "shop.localhost." ends with a dot write it without',
  "domains.shop: is no route of the application allowed are api, main, panel",
  'email: "admin" is no address allowed is a form such as admin@example.org',
  'acmeServer: "http://acme:14000/dir" is no https URL allowed is a form such as https://acme-v02.api.letsencrypt.org/directory',
  'sshCidrs[0]: "10.0.0.1" is no network write 10.0.0.1/32 for that address alone',
  "secretVersions.adminPasword: is no secret of the application did you mean adminPassword?",
  "secretVersions.secretKey: is no version allowed are whole numbers from 1; a raised one makes a new value",
  "volumeSizeGb: 5 is too small allowed are whole numbers from 10 to 16384",
  'imageCompression: "zip" is not known did you mean gzip? allowed are zstd, gzip',
  "databaseBackupDays: 99 is too large allowed are whole numbers from 7 to 35",
  "existingServer.adress: is no key of existingServer did you mean address? allowed are address, port, user, hostKey, adoptFrom",
];
const IN_TYPES = [
  'publicPort: "https" is a text allowed is a whole number',
  "localHttpPort: 70000 is no port allowed are whole numbers from 1 to 65535",
  'skipPreflight: "zone" is a text allowed is a list of texts, one `- text` a line',
];
const IN_COMPOSE = [
  'x-berth.routes.main.service: "frontent" is no service of the Compose file did you mean frontend? allowed are api, cron, frontend, migrate, panel, postgres',
  "x-berth.routes.api.helth: is no key of x-berth did you mean health? allowed are service, port, health, path, websocket, bodyLimit, timeoutSeconds",
  "x-berth.secrets.secretKey.length: 3 is too short allowed are whole numbers from 40 to 72",
  "x-berth.secrets.webhookSecret: is a text allowed is a map of env, length",
  'x-berth.database.roles.beppp: "beppp" is database.admin.role too give each role a name of its own',
  "x-berth.services.postgres.mode: is missing: the service has a volume and no route, so it can't be told allowed are stateful (left alone by releases), single, doubled, job, omit",
  "services.cron.env_file: is a file of the operator's machine, which no server has write its variables under environment, those that are secret as ${NAME} of x-berth.secrets",
];

const project = new Project(STACK, { linkModules: true });
const soundCompose = readFileSync(join(project.folder, COMPOSE), "utf8");

function breakCompose(): void {
  project.edit(COMPOSE, (text) =>
    text
      .replace("main: { service: frontend,", "main: { service: frontent,")
      .replace(
        "api: { service: api, port: 8000, health:",
        "api: { service: api, port: 8000, helth:",
      )
      .replace(
        "secretKey: { env: SECRET_KEY, length: 48 }",
        "secretKey: { env: SECRET_KEY, length: 3 }",
      )
      .replace("webhookSecret: { env: WEBHOOK_SECRET, length: 40 }", `webhookSecret: ${SECRETS[1]}`)
      .replace("api_user: { rights", "beppp: { rights")
      .replace("    postgres: { mode: stateful }\n", "")
      .replace(/^ {2}cron:\n/m, "  cron:\n    env_file: [cron.env]\n"),
  );
}

/** Everything that a run could have left behind: containers, networks, volumes, stacks, releases, changed files. */
function traces(): unknown {
  const docker = (...args: string[]) =>
    execFileSync("docker", args, { encoding: "utf8" })
      .split("\n")
      .filter((name) => name.includes(STACK));
  const state = readdirSync(project.folder).find((name) => name.startsWith("state-")) ?? "";
  return {
    containers: docker("ps", "--all", "--format", "{{.Names}}"),
    networks: docker("network", "ls", "--format", "{{.Name}}"),
    volumes: docker("volume", "ls", "--format", "{{.Name}}"),
    stacks: readdirSync(join(project.folder, state), { recursive: true }).filter((name) =>
      String(name).includes(STACK),
    ),
    hasReleases: existsSync(join(project.folder, "releases")),
    file: readFileSync(join(project.folder, FILE), "utf8"),
  };
}

/** Asserts that the output is one message with these findings and no others, on lines that a terminal shows whole. */
function assertReport(output: string, findings: readonly string[]): void {
  const text = output.replace(/\s+/g, " ");
  const heads = text.match(/can't be used: [0-9]+ findings?, nothing was created or changed/g);
  assert.deepEqual(
    heads,
    [`can't be used: ${findings.length} findings, nothing was created or changed`],
    output,
  );
  for (const finding of findings) assert.ok(text.includes(finding), `${finding} in ${output}`);
  for (const secret of SECRETS) assert.ok(!output.includes(secret), output);
}

before(breakCompose);
after(() => project.dispose());

test(
  "make up tells of every mistake in one message and makes nothing",
  { timeout: 900_000 },
  async () => {
    project.add(FILE, config(OF_TYPE));
    const earlier = traces();
    const { status, output } = await project.make("up");
    assert.equal(status, 2, output);
    assertReport(output, [...IN_CONFIG, ...IN_TYPES, ...IN_COMPOSE]);
    assert.match(output, new RegExp(`^${FILE}\\n +[0-9]+ {2}\\S`, "m"));
    assert.match(output, new RegExp(`^${COMPOSE}\\n +[0-9]+ {2}services\\.cron\\.env_file: `, "m"));
    assert.deepEqual(traces(), earlier);
  },
);

test(
  "make preview and make config say the same, but for the release that make up builds",
  { timeout: 900_000 },
  async () => {
    const missing =
      'release: "local" names no file that can be read: releases/local.json build it with `make release RELEASE=local`';
    const earlier = traces();
    for (const target of ["preview", "config"]) {
      const { status, output } = await project.make(target);
      assert.equal(status, 2, output);
      const unbuilt = target === "preview" ? [missing] : [];
      assertReport(output, [...IN_CONFIG, ...IN_TYPES, ...IN_COMPOSE, ...unbuilt]);
    }
    assert.deepEqual(traces(), earlier);
  },
);

test(
  "make rehearse asks before it makes anything, and not for what it gives itself",
  { timeout: 900_000 },
  async () => {
    project.edit("Pulumi.prod.yaml", (text) =>
      text.replace("berth:email: admin@battery-hub.example", "berth:email: admin"),
    );
    const rehearsals = join(project.folder, "rehearsals");
    const { status, output } = await project.make("rehearse", {
      STACK: "prod",
      BERTH_REHEARSALS: rehearsals,
      BERTH_REHEARSAL: `berth-${STACK}`,
    });
    assert.equal(status, 2, output);
    assertReport(output, [IN_CONFIG[6] ?? "", ...IN_COMPOSE]);
    assert.ok(!existsSync(rehearsals));
  },
);

test(
  "plain pulumi preview tells of all but types, in one message",
  { timeout: 900_000 },
  async () => {
    project.add(FILE, config(""));
    const missing =
      'release: "local" names no file that can be read: releases/local.json build it with `make release RELEASE=local`';
    assert.equal((await project.pulumi("stack", "init")).status, 0);
    const { status, output } = await project.pulumi("preview");
    assert.notEqual(status, 0, output);
    // Pulumi's progress has the first line once more.
    const report = output.slice(output.indexOf("Diagnostics:"));
    assertReport(report, [...IN_CONFIG, ...IN_COMPOSE, missing]);
    assert.doesNotMatch(output, /^ *at |node_modules/m);
  },
);

test(
  "files that do not parse: file, line, column and what to do",
  { timeout: 900_000 },
  async () => {
    project.add(FILE, "config:\n  berth:email: admin@example.org\n\tberth:publicPort: 443\n");
    const stackFile = await project.make("up");
    assert.equal(stackFile.status, 2, stackFile.output);
    const words = "line 3, column 1: is no YAML: Tabs are not allowed as indentation";
    assert.match(
      stackFile.output,
      new RegExp(`^${FILE}\\n  3  ${words}\\n +put that line right`, "m"),
    );

    project.add(FILE, readFileSync(join(project.folder, "Pulumi.dev.yaml"), "utf8"));
    project.add(COMPOSE, soundCompose.replace("  cron:\n", "  cron: {\n"));
    const compose = await project.make("up");
    assert.equal(compose.status, 2, compose.output);
    assert.match(
      compose.output,
      new RegExp(`^${COMPOSE}\\n +[0-9]+ {2}line [0-9]+, column [0-9]+: is no YAML: `, "m"),
    );
  },
);
