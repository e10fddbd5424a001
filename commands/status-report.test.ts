import assert from "node:assert/strict";
import { test } from "node:test";
import { describeStatus, renderStatus, type Gathered, type ServerStatus } from "./status-report";

const stream = { isTTY: false };

const server: ServerStatus = {
  system: "Debian GNU/Linux 13 (trixie)",
  upSeconds: 7300,
  restart: false,
  apps: [
    {
      name: "shop",
      release: "0123456789ab",
      revision: "0006",
      lease: "",
      certificate: { notAfter: "2026-12-31T00:00:00Z", seconds: 40 * 86_400, issuer: "CA 1" },
    },
  ],
  containers: [
    { project: "shop", service: "api", state: "running", status: "Up 2 hours (healthy)" },
    { project: "shop", service: "cron", state: "running", status: "Up 2 hours" },
  ],
  disks: [{ path: "/srv/berth", size: 40e9, free: 12.4e9 }],
};

const gathered: Gathered = {
  stack: "dev",
  login: 0,
  error: "",
  history: [
    {
      kind: "update",
      startTime: "2026-11-21T10:00:00Z",
      result: "succeeded",
      resourceChanges: { same: 30, update: 2 },
    },
  ],
  outputs: {
    serverAddress: "127.0.0.1",
    release: "0123456789ab",
    urls: { main: "https://shop.test" },
  },
  server,
  now: new Date("2026-11-21T10:10:00Z"),
};

test("a stack that is well fits on one screen", () => {
  const report = describeStatus(gathered);
  assert.equal(report.exitCode, 0);
  assert.equal(
    renderStatus(stream, report),
    `stack dev  https://shop.test
  ✓ server       127.0.0.1, Debian GNU/Linux 13 (trixie), up 2 h
  ✓ release      0123456789ab, schema at revision 0006
  ✓ certificate  40 days left, until 2026-12-31, by CA 1
  ✓ containers   2 of 2 healthy: api, cron
  ✓ disk         12 of 40 GB free on /srv/berth
  ✓ last up      10 min ago: succeeded, 2 update
`,
  );
});

const ills: [what: string, change: Partial<ServerStatus>, line: RegExp][] = [
  [
    "an unhealthy container",
    { containers: [{ project: "p", service: "api", state: "running", status: "Up (unhealthy)" }] },
    /! containers +0 of 1 healthy; api: Up \(unhealthy\)/,
  ],
  ["no container at all", { containers: [] }, /! containers +0 of 0 healthy/],
  ["no release", { apps: [] }, /! release +none serves yet/],
  ["a full disk", { disks: [{ path: "/", size: 2e10, free: 4.9e9 }] }, /! disk +4\.9 of 20 GB/],
  [
    "a certificate that ends soon",
    {
      apps: server.apps.map((app) => ({
        ...app,
        certificate: { notAfter: "2026-11-30T00:00:00Z", seconds: 9 * 86_400, issuer: "CA" },
      })),
    },
    /! certificate +9 days left/,
  ],
];

for (const [what, change, line] of ills) {
  test(`${what} is marked and is exit code 1`, () => {
    const report = describeStatus({ ...gathered, server: { ...server, ...change } });
    assert.equal(report.exitCode, 1);
    assert.match(renderStatus(stream, report), line);
  });
}

test("a failed last up is marked", () => {
  const [last] = gathered.history!;
  const report = describeStatus({ ...gathered, history: [{ ...last!, result: "failed" }] });
  assert.equal(report.exitCode, 1);
  assert.match(renderStatus(stream, report), /! last up +10 min ago: failed/);
});

test("a server that can't be reached is exit code 4, with ssh's own words", () => {
  const error = "ssh: connect to host 127.0.0.1 port 2222: Connection refused\r\nerror: no login";
  const report = describeStatus({ ...gathered, server: undefined, login: 255, error });
  assert.equal(report.exitCode, 4);
  assert.match(
    renderStatus(stream, report),
    /! server +127\.0\.0\.1 can't be reached: ssh: connect .*: Connection refused; .*make up STACK=dev/,
  );
});

test("a server with older host scripts is told from one that is away", () => {
  const error = "sudo: /opt/berth/host/status.sh: command not found";
  const report = describeStatus({ ...gathered, server: undefined, login: 1, error });
  assert.match(renderStatus(stream, report), /answers, but can't tell its status: sudo: .*make up/);
});

test("a stack that is not up is exit code 3", () => {
  const report = describeStatus({ ...gathered, outputs: {}, server: undefined, login: 3 });
  assert.equal(report.exitCode, 3);
  assert.match(renderStatus(stream, report), /! stack +it is not up; next: make up STACK=dev/);
});
