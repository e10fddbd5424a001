import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ended, type Ended, output } from "../support/script";

const folder = mkdtempSync(join(tmpdir(), "berth-adopt-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a line of bash with the functions under test, for the folder /opt/hub. */
async function bash(scripts: readonly string[], line: string): Promise<Ended> {
  const sources = ["lib/log.sh", ...scripts].map((script) => `source host/${script}`);
  const text = [...sources, "adopt_from() { echo /opt/hub; }", line].join("\n");
  return ended("bash", ["-euo", "pipefail", "-c", text], { env: { APP: "hub", DATABASE: "hub" } });
}

/** Compares what two databases would answer. */
async function compare(older: string, copy: string): Promise<Ended> {
  writeFileSync(join(folder, "older"), older);
  writeFileSync(join(folder, "copy"), copy);
  return bash(
    ["adopt/copy.sh"],
    `adoption_folder() { echo ${folder}; }
older_name() { echo hub; }
older_client() { cat ${folder}/older; }
superuser() { cat ${folder}/copy; }
compare_rows ${folder}`,
  );
}

const ROWS = "table public.users|2|17\nsequence public.users_id_seq|2|t\n";

test("a copy with the same rows passes", async () => {
  assert.equal((await compare(ROWS, ROWS)).code, 0);
});

for (const [what, copy] of [
  ["a row that is missing", ROWS.replace("|2|17", "|1|9")],
  ["a value that differs", ROWS.replace("17", "18")],
  ["a sequence that lags", ROWS.replace("|2|t", "|1|t")],
  ["a table that is missing", ROWS.split("\n").slice(1).join("\n")],
] as const) {
  test(`${what} ends the takeover, and is named`, async () => {
    const { code, stderr } = await compare(ROWS, copy);
    assert.equal(code, 83);
    assert.match(stderr, /the copy of the older database is not the same/);
    assert.match(stderr, /^< (table|sequence) public\.users/m);
  });
}

test("a database without a table is not taken for one", async () => {
  const { code, stderr } = await compare("", "");
  assert.equal(code, 83);
  assert.match(stderr, /the older database hub has no table/);
});

test("the folder is found with what is in it, not another whose name begins alike", async () => {
  const lines = {
    "WorkingDirectory=/opt/hub": true,
    "ExecStart=/opt/hub/start.sh": true,
    "cd /opt/hub && docker compose up": true,
    '"/opt/hub"': true,
    "WorkingDirectory=/opt/hub-staging": false,
    "WorkingDirectory=/opt/hub2": false,
    "WorkingDirectory=/opt/other": false,
  };
  for (const [line, expected] of Object.entries(lines)) {
    const { code } = await bash(["adopt/older.sh"], `grep -qE -- "$(folder_pattern)" <<<'${line}'`);
    assert.equal(code === 0, expected, line);
  }
});

test("cron lines of the older installation are turned off once, others stay", async () => {
  const file = join(folder, "root");
  const before = `MAILTO=root
0 2 * * * /opt/hub/backup.sh
# 0 4 * * * /opt/hub/off-already
0 3 1 * * certbot renew --quiet
5 5 * * * /opt/hub-staging/backup.sh
`;
  writeFileSync(file, before, { mode: 0o600 });
  const scripts = ["adopt/older.sh", "adopt/leftovers.sh"];
  const line = `turn_off_lines ${file} ${folder}`;
  assert.equal((await bash(scripts, `${line}; ${line}`)).code, 0);
  assert.equal(
    readFileSync(file, "utf8"),
    `MAILTO=root
# turned off by berth: 0 2 * * * /opt/hub/backup.sh
# 0 4 * * * /opt/hub/off-already
# turned off by berth: 0 3 1 * * certbot renew --quiet
5 5 * * * /opt/hub-staging/backup.sh
`,
  );
  assert.equal(readFileSync(join(folder, "cron-root"), "utf8"), before);
  assert.equal(await output("stat", ["-c", "%a", file]), "600");
});

test("a certificate of before is lent only where it is for every domain and not about to end", async () => {
  const make = async (name: string, days: number, names: readonly string[]): Promise<string> => {
    const place = join(folder, name);
    await output("mkdir", ["-p", place]);
    const sans = names.map((domain) => `DNS:${domain}`).join(",");
    await output("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-days", String(days), "-subj", "/CN=test", "-addext", `subjectAltName=${sans}`],
      ...["-keyout", join(place, "privkey.pem"), "-out", join(place, "fullchain.pem")],
    ]);
    return place;
  };
  const fits = async (place: string): Promise<boolean> => {
    const variables = `ENV_FILE=$'BERTH_DOMAIN_MAIN="a.example"\\nBERTH_DOMAIN_API="api.a.example"\\nX="y"\\n'`;
    return (await bash(["adopt/certificates.sh"], `${variables}\nfits ${place}/`)).code === 0;
  };
  assert.equal(await fits(await make("all", 30, ["a.example", "api.a.example"])), true);
  assert.equal(await fits(await make("wildcard", 30, ["a.example", "*.a.example"])), true);
  assert.equal(await fits(await make("some", 30, ["a.example"])), false);
  assert.equal(await fits(await make("short", 1, ["a.example", "api.a.example"])), false);
  assert.equal(await fits(join(folder, "none")), false);
});
