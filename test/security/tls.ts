import assert from "node:assert/strict";
import { test } from "node:test";
import { DOMAINS, type HardenedStack } from "./hardened-stack";

interface Finding {
  readonly id: string;
  readonly severity: string;
  readonly finding: string;
}

type Section = "protocols" | "ciphers" | "vulnerabilities" | "rating";

const HEADERS = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "deny",
  "referrer-policy": "strict-origin-when-cross-origin",
};
const STRICT = "strict-transport-security";

/** Values of a header, as often as it is sent. */
function values(answer: string, header: string): string[] {
  return [...answer.matchAll(new RegExp(`^${header}: (.*?)\r?$`, "gm"))].map((found) =>
    String(found[1]),
  );
}

function assertHeaders(answer: string): void {
  for (const [header, value] of Object.entries(HEADERS))
    assert.deepEqual(values(answer, header), [value], answer);
}

async function testssl(stack: HardenedStack): Promise<Record<Section, Finding[]>> {
  const { stdout, stderr } = await stack.audit([
    // Patience of testssl.sh with a server that is slow to answer.
    ...["env", "HEADER_MAXSLEEP=60", "MAX_WAITSOCK=60", "CCS_MAX_WAITSOCK=60"],
    ...["HEARTBLEED_MAX_WAITSOCK=60", "MAX_SOCKET_FAIL=6", "MAX_OSSL_FAIL=6", "MAX_HEADER_FAIL=6"],
    ...["testssl", "--quiet", "--warnings", "off", "--color", "0", "--nodns", "none"],
    ...["--add-ca", "/root.pem", "--ip", stack.address, "--overwrite"],
    ...["--jsonfile-pretty", "/tmp/testssl.json", `https://${DOMAINS.main}:443/`],
  ]);
  const report = await stack.audit(["cat", "/tmp/testssl.json"]);
  assert.equal(report.code, 0, stdout + stderr);
  const { scanResult } = JSON.parse(report.stdout) as {
    scanResult: Record<Section, Finding[]>[];
  };
  const [scan] = scanResult;
  assert.ok(scan !== undefined, stdout + stderr);
  return scan;
}

/** Tests of what the proxy shows to a stranger. */
export function testTls(stack: HardenedStack): void {
  test("plain HTTP is redirected to HTTPS, path and query kept", async () => {
    const answer = await stack.headers(`http://${DOMAINS.api}/batteries?page=2`);
    assert.match(answer, /^http\/1.1 301 /);
    const [target = ""] = values(answer, "location");
    assert.match(target, /^https:\/\/api\.battery-hub\.localhost(:\d+)?\/batteries\?page=2$/);
    assertHeaders(answer);
    assert.deepEqual(values(answer, STRICT), []);
  });

  for (const [name, domain] of Object.entries(DOMAINS)) {
    test(`${name}: every answer has the security headers once, an error's too`, async () => {
      for (const path of ["/", "/health", "/there-is-none"]) {
        const answer = await stack.headers(`https://${domain}${path}`);
        assertHeaders(answer);
        assert.deepEqual(values(answer, STRICT), ["max-age=63072000"], answer);
      }
    });
  }

  test("so have the errors that the proxy itself answers", async () => {
    const large = ["--request", "POST", "--header", "Content-Length: 9000000"];
    const answer = await stack.headers(`https://${DOMAINS.main}/`, "--http1.1", ...large);
    assert.match(answer, /^http\/1.1 413 /);
    assertHeaders(answer);
    assert.deepEqual(values(answer, STRICT), ["max-age=63072000"]);
    const port = ["--connect-to", `${DOMAINS.main}:80:${stack.address}:443`];
    const plain = await stack.headers(`http://${DOMAINS.main}/`, ...port);
    assert.match(plain, /^http\/1.1 400 /);
    assertHeaders(plain);
  });

  test("an answer that another site asks for is not compressed, a page's own is", async () => {
    const encoding = async (site: string): Promise<string[]> =>
      values(
        await stack.headers(
          `https://${DOMAINS.main}/`,
          ...["--header", "Accept-Encoding: gzip", "--header", `Sec-Fetch-Site: ${site}`],
        ),
        "content-encoding",
      );
    assert.deepEqual(await encoding("same-origin"), ["gzip"]);
    assert.deepEqual(await encoding("cross-site"), []);
    assert.deepEqual(await encoding(""), []);
  });

  test("a name that no application has is refused, over TLS and without", async () => {
    const ask = async (...command: string[]): Promise<string> => {
      const { code, stdout, stderr } = await stack.audit(command);
      assert.notEqual(code, 0, stdout);
      assert.equal(stdout, "");
      return stderr;
    };
    const curl = ["curl", "--silent", "--show-error", "--max-time", "60", "--insecure"];
    for (const name of ["unknown.example", DOMAINS.main.replace("hub", "bus")]) {
      const to = ["--resolve", `${name}:443:${stack.address}`, `https://${name}/`];
      assert.match(await ask(...curl, ...to), /unrecognized name/);
    }
    assert.match(await ask(...curl, `https://${stack.address}/`), /unrecognized name/);
    assert.match(await ask(...curl, `http://${stack.address}/`), /Empty reply/);
    const known = ["--resolve", `${DOMAINS.main}:443:${stack.address}`, `https://${DOMAINS.main}/`];
    for (const version of ["--http1.1", "--http2"])
      await ask(...curl, version, "--header", "Host: unknown.example", ...known);
  });

  test(
    "testssl.sh: A+, nothing of LOW or worse in protocols, ciphers and vulnerabilities",
    { timeout: 1_200_000 },
    async (context) => {
      const scan = await testssl(stack);
      const of = (section: Section): Finding[] => {
        assert.ok(scan[section].length > 0, `testssl.sh says nothing of ${section}`);
        return scan[section].map(({ id, severity, finding }) => ({ id, severity, finding }));
      };
      for (const section of ["protocols", "ciphers", "vulnerabilities"] as const) {
        const bad = of(section).filter(({ severity }) => !["OK", "INFO"].includes(severity));
        assert.deepEqual(bad, [], section);
      }
      const rating = of("rating");
      const grade = rating.find(({ id }) => id === "overall_grade");
      context.diagnostic(rating.map(({ id, finding }) => `${id} ${finding}`).join(", "));
      assert.equal(grade?.finding, "A+", JSON.stringify(rating));
      const offered = of("protocols").filter(({ finding }) => /^offered/.test(finding));
      assert.deepEqual(
        offered.map(({ id }) => id).filter((id) => /^(SSL|TLS)/.test(id)),
        ["TLS1_2", "TLS1_3"],
      );
    },
  );
}
