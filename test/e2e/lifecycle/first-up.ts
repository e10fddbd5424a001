import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fetchLocally } from "../support/https";
import { SECRETS, type RunningStack } from "./running-stack";

/** A first `make up`, what it leaves, and that a second one has nothing to do. */
export function firstUp(stack: RunningStack): void {
  test("from nothing, make up brings three names to HTTPS", { timeout: 900_000 }, async () => {
    const { status, output } = await stack.project.make("up");
    assert.equal(status, 0, output);
    await stack.refresh();
    for (const url of Object.values(stack.urls)) {
      const answer = await fetchLocally(url, stack.root);
      assert.ok([200, 303, 404].includes(answer.status), `${url} answers ${answer.status}`);
      assert.equal(answer.headers["x-content-type-options"], "nosniff");
      // A browser would insist on a certificate of a test authority for two years.
      assert.equal(answer.headers["strict-transport-security"], undefined);
    }
    assert.equal((await fetchLocally(stack.urls.main ?? "", stack.root)).status, 200);
    assert.equal((await stack.health()).status, "ok");
    assert.match(output, /https:\/\/battery-hub\.localhost/);
    assert.match(output, /make password/);
  });

  test("the first deploy logged in at most eight times", () => {
    assert.ok(stack.server.logins() <= 8, `${stack.server.logins()} logins`);
  });

  test("the first boot left apt as it was, and started what the packages bring", () => {
    const { server } = stack;
    assert.equal(
      server.run("apt-config", "dump", "Dir::Bin::dpkg"),
      'Dir::Bin::dpkg "/usr/bin/dpkg";',
    );
    const compiled = "/usr/lib/python3/dist-packages/acme/__pycache__";
    assert.match(server.run("ls", compiled), /client\.cpython-\d+\.pyc/);
    const rules = server.run("ufw", "status", "verbose");
    assert.match(rules, /Default: deny \(incoming\), allow \(outgoing\)/);
    const units = [
      "docker",
      "nginx",
      "docker-registry",
      "unattended-upgrades",
      "certbot.timer",
      "ufw",
    ];
    assert.equal(
      server.run("systemctl", "is-active", ...units),
      units.map(() => "active").join("\n"),
    );
    const journal = server.run(
      "journalctl",
      "-o",
      "short-iso-precise",
      "--no-pager",
      "-u",
      "nginx",
    );
    const firewall = server.run("stat", "-c", "%y", "/etc/ufw/ufw.conf");
    const started = /^(\S+) .*Start(?:ing|ed) nginx/m.exec(journal)?.[1] ?? "";
    assert.ok(Date.parse(started) > Date.parse(firewall), `nginx ${started}, firewall ${firewall}`);
  });

  test("the thirteen checks pass on the server", { timeout: 120_000 }, async () => {
    const { status, output } = await stack.project.make("checks");
    assert.equal(status, 0, output);
    assert.match(output, /ok +all containers are running and healthy/);
    for (let number = 2; number <= 13; number += 1)
      assert.match(output, new RegExp(`ok +${number}/13 `));
  });

  test(
    "the checks over HTTPS pass from outside the server, trusting the authority's root",
    { timeout: 120_000 },
    async () => {
      const password = await stack.project.output("adminPassword");
      const authority = join(stack.project.folder, "root.pem");
      writeFileSync(authority, stack.root);
      const environment = {
        FRONTEND_URL: stack.urls.main,
        API_URL: stack.urls.api,
        PANEL_URL: stack.urls.panel,
        MAIN_DOMAIN: "battery-hub.localhost",
        API_DOMAIN: "api.battery-hub.localhost",
        PANEL_DOMAIN: "panel.battery-hub.localhost",
        BERTH_CHECK_ADDRESS: `127.0.0.1:${new URL(stack.urls.main ?? "").port || "443"}`,
        SSL_CERT_FILE: "/run/root.pem",
      };
      const { status, stdout, stderr } = spawnSync(
        "docker",
        [
          "run",
          "--rm",
          "--interactive",
          "--network",
          "host",
          "--label",
          `berth.stack=${stack.name}`,
          "--volume",
          `${authority}:/run/root.pem:ro`,
          ...Object.entries(environment).flatMap(([name, value]) => [
            "--env",
            `${name}=${String(value)}`,
          ]),
          "battery-hub/api",
          "python",
          "-m",
          "battery_hub.readiness",
          "--only",
          "https",
          "--password-stdin",
        ],
        { input: password, encoding: "utf8" },
      );
      assert.equal(status, 0, stdout + stderr);
      for (const number of [5, 6, 7, 8, 9, 12, 13])
        assert.match(stdout, new RegExp(`ok +${number}/13 `));
    },
  );

  test(
    "a second and a third up change nothing and log in nowhere",
    { timeout: 300_000 },
    async () => {
      const logins = stack.server.logins();
      for (const round of ["second", "third"]) {
        const { status, output } = await stack.project.pulumi(
          "up",
          "--yes",
          "--skip-preview",
          "--expect-no-changes",
        );
        assert.equal(status, 0, `${round}: ${output}`);
      }
      assert.equal(stack.server.logins(), logins);
    },
  );

  test("the seven secrets are secret outputs, and in no output, log, plain state or process list", async () => {
    const masked = await stack.project.pulumi("stack", "output", "--json");
    const shown = JSON.parse(masked.output) as Record<string, string>;
    for (const name of SECRETS) assert.equal(shown[name], "[secret]", name);

    const { output: state } = await stack.project.pulumi("stack", "export");
    const places: Record<string, string> = {
      state,
      "log of PostgreSQL": stack.server.run(
        "sh",
        "-c",
        "docker logs battery-hub-data-postgres-1 2>&1",
      ),
      journal: stack.server.run("journalctl", "--no-pager"),
      "process list": stack.server.run("ps", "axww"),
      "cloud-init": stack.server.run(
        "sh",
        "-c",
        "cat /var/lib/cloud/instance/user-data.txt /var/log/cloud-init*.log",
      ),
    };
    for (const name of SECRETS) {
      const value = await stack.project.output(name);
      assert.ok(value.length >= 40, `${name} has ${value.length} characters`);
      for (const [place, text] of Object.entries(places)) {
        assert.ok(!text.includes(value), `${name} is in the ${place}`);
      }
    }
  });
}
