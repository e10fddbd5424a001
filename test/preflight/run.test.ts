import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Check } from "../../preflight/check";
import { redact } from "../../preflight/redact";
import { renderPreflightInput, type PreflightSettings } from "../../preflight/settings";
import { kind } from "../../simulator/core/state";
import { BOUND_SECONDS, DROPLET, EC2, look, STATE } from "./looking";
import { SECRET_KEY, startCloud, TOKEN, type SimulatedCloud } from "./simulated-cloud";

const SCRIPT = join(__dirname, "../../preflight/run.sh");

let cloud: SimulatedCloud;
before(async () => {
  cloud = await startCloud();
});
after(() => cloud.stop());

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(input: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = spawn(SCRIPT, { env: { ...process.env, ...STATE, ...cloud.env, ...env } });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(input);
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}

const WRONG: Partial<PreflightSettings> = {
  size: "s-9vcpu",
  image: "debian-99-x64",
  platform: "linux/arm64",
  zone: "example.net",
  sshCidrs: ["0.0.0.0/0"],
};

describe("preflight/run.sh", () => {
  test("says how many checks passed", async () => {
    for (const [settings, count] of [
      [DROPLET, 13],
      [EC2, 14],
    ] as const) {
      const { code, stdout, stderr } = await run(renderPreflightInput(settings));
      assert.deepEqual([code, stdout], [0, `pre-flight passed: ${count} checks\n`], stderr);
    }
  });

  test("tells everything at once, one finding a line", async () => {
    const { code, stdout, stderr } = await run(renderPreflightInput({ ...DROPLET, ...WRONG }));
    assert.deepEqual([code, stdout], [1, ""]);
    const [first, ...lines] = stderr.trimEnd().split("\n");
    assert.equal(first, "error: stack prod can't be brought up as configured; nothing was made:");
    const names = lines.map((line) => /^ {2}- ([a-z-]+): /.exec(line)?.[1]);
    const domains = ["domains", "domains"];
    assert.deepEqual(names, [
      ...["size", "image", "image-platform", "zone"],
      ...[...domains, "ssh-cidr"],
    ]);
  });

  test("leaves out what is to be skipped", async () => {
    const skip = ["size", "image", "image-platform", "zone", "domains", "certificate-authority"];
    const { code, stderr } = await run(renderPreflightInput({ ...DROPLET, ...WRONG, skip }));
    assert.equal(code, 1);
    assert.equal(stderr.trimEnd().split("\n").length, 2, stderr);
    assert.match(stderr, / {2}- ssh-cidr: /);
  });

  test("tells of a check to be skipped that does not exist, with those that do", async () => {
    const skip = [...DROPLET.skip, "everything", "dns"];
    const { code, stderr } = await run(renderPreflightInput({ ...DROPLET, skip }));
    assert.equal(code, 1);
    assert.ok(!stderr.includes('"dns"'), stderr);
    assert.match(stderr, /there is no check "everything"; allowed are credentials, region, size, /);
  });

  test("knows by its former output that what it finds is the stack's", async () => {
    const volume = { id: "v1", name: "shop-prod", region: "fra1", size: 20, dropletIds: [] };
    cloud.state.put(kind("digitalocean/volumes"), "v1", volume);
    const input = renderPreflightInput(DROPLET);
    assert.match((await run(input)).stderr, /name-taken: .*which this stack did not make/);
    const again = await run(input, { PULUMI_COMMAND_STDOUT: "pre-flight passed: 13 checks" });
    assert.equal(again.code, 0, again.stderr);
    cloud.empty();
  });

  test("refuses input without settings", async () => {
    for (const input of ["", "SETTINGS=bm8=\n", "SETTINGS=W10=\n"]) {
      const { code, stderr } = await run(input);
      assert.equal(code, 2);
      assert.match(stderr, /^error: .*SETTINGS/);
    }
  });

  test("refuses a bound that is none", async () => {
    for (const seconds of ["2", "10s", "9.5", "-4"]) {
      const env = { BERTH_PREFLIGHT_SECONDS: seconds };
      const { code, stderr } = await run(renderPreflightInput(DROPLET), env);
      assert.equal(code, 2);
      assert.match(stderr, /^error: BERTH_PREFLIGHT_SECONDS: .* allowed are whole seconds from 3 /);
    }
  });

  test("prints no secret, whatever answers", async (t) => {
    // It answers with what it was asked with, as a bad proxy might.
    const server = await mirror();
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = {
      DIGITALOCEAN_API_URL: url,
      AWS_ENDPOINT_URL: url,
      PULUMI_CONFIG_PASSPHRASE: "correct horse battery staple",
    };
    for (const settings of [DROPLET, EC2]) {
      const { code, stdout, stderr } = await run(renderPreflightInput(settings), env);
      assert.equal(code, 1);
      for (const secret of [TOKEN, SECRET_KEY, env.PULUMI_CONFIG_PASSPHRASE]) {
        assert.ok(!`${stdout}${stderr}`.includes(secret), "a secret was printed");
      }
    }
  });
});

function mirror(): Promise<Server> {
  const server = createServer((request, response) => {
    const body = { id: "mirror", message: JSON.stringify(request.headers) };
    response.writeHead(400, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

describe("running checks", () => {
  const check = (name: string, run: Check["run"]): Check => ({ name, targets: ["droplet"], run });

  test("ends those that get no answer in time, and keeps what the others found", async () => {
    const finding = { problem: "is wrong", next: "correct it" };
    const checks = [
      check("slow", () => new Promise(() => undefined)),
      check("quick", () => Promise.resolve([finding])),
      check("broken", () => Promise.reject(new Error("the socket hung up"))),
    ];
    const { findings } = await look(cloud, { ...DROPLET, skip: [] }, { checks, boundMs: 200 });
    assert.deepEqual(findings, [
      `slow: could not look: no answer within ${BOUND_SECONDS} s; run it again when it answers; skip it with skipPreflight: [slow]`,
      "quick: is wrong; correct it; skip it with skipPreflight: [quick]",
      "broken: could not look: the socket hung up; run it again when it answers; skip it with skipPreflight: [broken]",
    ]);
  });

  test("ends requests to an API that accepts and is silent", async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const env = {
      DIGITALOCEAN_API_URL: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    };
    const { findings } = await look(cloud, DROPLET, { env, boundMs: 300 });
    assert.match(findings[0]!, /^credentials: could not look: no answer within/);
    silent.closeAllConnections();
    silent.close();
  });
});

describe("redact", () => {
  test("takes out secrets of the environment and passwords of URLs", () => {
    const env = { DIGITALOCEAN_TOKEN: "dop_v1_abc" };
    const text = "token dop_v1_abc at postgres://me:pw@db/state";
    assert.equal(redact(text, env), "token [secret] at postgres://me:[secret]@db/state");
  });
});
