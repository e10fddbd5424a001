import assert from "node:assert/strict";
import { createServer as createHttpsServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import ssh2 from "ssh2";
import sshpk from "sshpk";
import type { PreflightSettings } from "../../preflight/settings";
import { delegationOf } from "../../preflight/public-names";
import { expectOne } from "./expect-finding";
import { DROPLET, look, type Circumstances } from "./looking";
import { startNameServer } from "./name-server";
import { withCloud } from "./with-cloud";

const started = withCloud(DROPLET);
const { findings } = started;

describe("ssh-cidr", () => {
  for (const everybody of ["0.0.0.0/0", "::/0"]) {
    test(`refuses ${everybody}`, async () => {
      const sshCidrs = [everybody, "203.0.113.7/32"];
      expectOne(await findings({ sshCidrs }), "ssh-cidr", /opens SSH to everybody/);
    });
  }

  test("refuses what is no network, and a network written by one of its addresses", async () => {
    const sshCidrs = ["203.0.113.7/32", "203.0.113.300/32", "203.0.113.9", "10.1.2.3/16"];
    const found = await findings({ sshCidrs });
    assert.equal(found.length, 3, found.join("\n"));
    assert.match(found[0]!, /"203.0.113.300\/32" in sshCidrs is no network/);
    assert.match(found[1]!, /"203.0.113.9" in sshCidrs is no network/);
    assert.match(found[2]!, /write 10.1.0.0\/16/);
  });

  test("tells of a caller who is not let in, with what to add", async () => {
    const sshCidrs = ["198.51.100.0/24"];
    expectOne(await findings({ sshCidrs }), "ssh-cidr", /203.0.113.7, .*; add 203.0.113.7\/32/);
  });

  test("takes a caller with an IPv6 address", async () => {
    const env = { BERTH_CALLER_ADDRESS: "2001:db8::7" };
    assert.deepEqual(await findings({ sshCidrs: ["2001:db8::/64"] }, { env }), []);
    expectOne(await findings({}, { env }), "ssh-cidr", /add 2001:db8::7\/128/);
  });

  test("tells of a caller's address that is none", async () => {
    const env = { BERTH_CALLER_ADDRESS: "localhost" };
    expectOne(await findings({}, { env }), "ssh-cidr", /"localhost" is no address/);
  });

  test("tells of an empty list", async () => {
    const found = await findings({ sshCidrs: [] });
    assert.match(found[0]!, /sshCidrs is empty/);
  });

  test("leaves the caller to the runner's own rule, but not the networks", async () => {
    const env = { BERTH_SSH_RULE: "open", BERTH_CALLER_ADDRESS: "198.51.100.9" };
    assert.deepEqual(await findings({ sshCidrs: [] }, { env }), []);
    expectOne(await findings({ sshCidrs: ["0.0.0.0/0"] }, { env }), "ssh-cidr", /everybody/);
  });
});

describe("certificate-authority", () => {
  const key = sshpk.generatePrivateKey("ecdsa");
  const pem = sshpk
    .createSelfSignedCertificate([sshpk.identityForHost("acme.example")], key)
    .toBuffer("pem")
    .toString();
  let directory: unknown;
  let server: Server;
  let settings: Partial<PreflightSettings>;
  let env: Record<string, string>;
  before(async () => {
    server = createHttpsServer({ key: key.toString("pem"), cert: pem }, (_request, response) => {
      response.end(typeof directory === "string" ? directory : JSON.stringify(directory));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { place, socket } = await startNameServer("127.0.0.1");
    socket.unref();
    const { port } = server.address() as AddressInfo;
    env = { BERTH_DNS_SERVER: place };
    settings = {
      skip: [],
      acmeServer: `https://acme.example:${port}/dir`,
      trustedCertificates: pem,
    };
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  test("passes with the authority's certificate", async () => {
    directory = { newNonce: "", newAccount: "", newOrder: "", meta: {} };
    assert.deepEqual(await findings(settings, { env }), []);
  });

  test("does not trust it without", async () => {
    const found = await findings({ ...settings, trustedCertificates: "" }, { env });
    expectOne(found, "certificate-authority", /self-signed certificate.*trustedCertificates/);
  });

  test("tells of something that is no directory", async () => {
    directory = { keys: [] };
    expectOne(
      await findings(settings, { env }),
      "certificate-authority",
      /no newNonce, newAccount, newOrder/,
    );
    directory = "<html>";
    expectOne(await findings(settings, { env }), "certificate-authority", /no JSON/);
  });

  test("tells of an authority that does not answer", async () => {
    const acmeServer = "https://acme.example:1/dir";
    expectOne(
      await findings({ ...settings, acmeServer }, { env }),
      "certificate-authority",
      /ECONNREFUSED/,
    );
  });
});

describe("server", () => {
  const mine = sshpk.generatePrivateKey("ed25519");
  let sshd: ssh2.Server;
  let settings: Partial<PreflightSettings>;
  before(async () => {
    sshd = new ssh2.Server({ hostKeys: [mine.toString("ssh-private")] }, (client) => {
      client.on("error", () => undefined);
    });
    await new Promise<void>((resolve) => {
      sshd.listen(0, "127.0.0.1", resolve);
    });
    const { port } = sshd.address() as AddressInfo;
    const hostKey = mine.toPublic().toString("ssh");
    const existingServer = { address: "127.0.0.1", port, user: "root", hostKey };
    settings = { target: "existing", existingServer };
  });
  after(() => {
    sshd.close();
  });

  test("passes with the pinned host key", async () => {
    const report = await look(started.cloud, { ...DROPLET, ...settings });
    assert.deepEqual(report.findings, []);
    assert.equal(report.looked, 3);
  });

  test("tells of another host key", async () => {
    const hostKey = sshpk.generatePrivateKey("ed25519").toPublic().toString("ssh");
    const existingServer = { ...settings.existingServer!, hostKey };
    expectOne(
      await findings({ ...settings, existingServer }),
      "server",
      /shows another ed25519 host key/,
    );
  });

  test("tells of a server that does not answer", async () => {
    const existingServer = { ...settings.existingServer!, port: 1 };
    expectOne(
      await findings({ ...settings, existingServer }),
      "server",
      /nothing answers .* 127.0.0.1 port 1/,
    );
  });
});

describe("the public DNS", () => {
  const none = Object.assign(new Error(), { code: "ENOTFOUND" });

  test("finds the zone above a name", async () => {
    const ask = (name: string) =>
      name === "example.org" ? Promise.resolve(["NS1.Example.net."]) : Promise.reject(none);
    const expected = { zone: "example.org", servers: ["ns1.example.net"] };
    assert.deepEqual(await delegationOf("a.b.example.org", ask), expected);
  });

  const answers = (servers: Readonly<Record<string, string[]>>): Circumstances => ({
    publicCloud: true,
    askServers: (name) => {
      const found = servers[name];
      return found === undefined ? Promise.reject(none) : Promise.resolve(found);
    },
  });

  test("passes where the registrar names the cloud's servers", async () => {
    const servers = ["ns1.digitalocean.com.", "ns2.digitalocean.com."];
    assert.deepEqual(await findings({}, answers({ "example.org": servers })), []);
  });

  test("tells of a zone that the registrar has elsewhere", async () => {
    const found = await findings({}, answers({ "example.org": ["a.iana-servers.net"] }));
    expectOne(found, "domains", /asks a.iana-servers.net for zone example.org, .* registrar/);
  });

  test("tells of a domain that nobody registered, with and without a zone", async () => {
    const found = await findings({ zone: "" }, answers({}));
    assert.equal(found.length, 2);
    assert.match(found[0]!, /^domains: nobody answers for "shop.example.org"/);
    expectOne(await findings({}, answers({})), "domains", /nobody answers for "example.org"/);
  });

  test("takes records that are made elsewhere, and says nothing when nothing answers", async () => {
    const elsewhere = answers({ "example.org": ["a.iana-servers.net"] });
    assert.deepEqual(await findings({ zone: "" }, elsewhere), []);
    assert.deepEqual(await findings({}, { publicCloud: true }), []);
  });

  test("tells nobody from no answer", async () => {
    assert.equal(await delegationOf("a.example.org", () => Promise.reject(none)), "none");
    const late = Object.assign(new Error(), { code: "ETIMEOUT" });
    assert.equal(await delegationOf("a.example.org", () => Promise.reject(late)), "unknown");
  });
});
