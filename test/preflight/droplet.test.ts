import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { expectOne } from "./expect-finding";
import { haveDroplet, haveVolume } from "./droplet-things";
import { DROPLET, look } from "./looking";
import { withCloud } from "./with-cloud";

const started = withCloud(DROPLET);
const { findings } = started;

describe("pre-flight of a droplet", () => {
  test("passes in an empty account", async () => {
    const report = await look(started.cloud, DROPLET);
    assert.deepEqual(report.findings, []);
    assert.equal(report.looked, 13);
  });

  test("passes again over what it made itself, with the account full", async () => {
    haveDroplet(started.cloud);
    haveVolume(started.cloud, "v1");
    started.cloud.account({
      digitalocean: { dropletLimit: 1, volumeLimit: 1, reservedIpLimit: 0 },
    });
    assert.deepEqual(await findings({}, { firstRun: false }), []);
  });

  test("tells of a wrong token once, and of nothing that follows from it", async () => {
    const env = { DIGITALOCEAN_TOKEN: "dop_v1_wrong" };
    expectOne(
      await findings({}, { env }),
      "credentials",
      /Unable to authenticate you.*DIGITALOCEAN_TOKEN/,
    );
  });

  test("tells of a missing token", async () => {
    const env = { DIGITALOCEAN_TOKEN: undefined };
    expectOne(await findings({}, { env }), "credentials", /DIGITALOCEAN_TOKEN is not set/);
  });

  test("tells of a locked account", async () => {
    started.cloud.account({ digitalocean: { status: "locked" } });
    expectOne(await findings(), "credentials", /locked/);
  });

  test("names what a scoped token may not", async () => {
    const scopes = ["account:read", "regions:read", "sizes:read", "image:read", "droplet:read"];
    const more = [
      "block_storage:read",
      "reserved_ip:read",
      "ssh_key:read",
      "vpc:read",
      "domain:read",
    ];
    started.cloud.account({ digitalocean: { scopes: [...scopes, ...more] } });
    expectOne(await findings(), "name-taken", /may not do this \(GET \/v2\/firewalls/);
  });

  test("tells of a region that does not exist, with those that do", async () => {
    const found = await findings({ region: "fra9" });
    assert.match(
      found[0]!,
      /^region: DigitalOcean has no region "fra9"; set region to one of fra1, nyc3/,
    );
  });

  test("tells of a region that takes no droplets", async () => {
    started.cloud.account({ digitalocean: { closedRegions: ["fra1"] } });
    expectOne(await findings(), "region", /takes no new droplets; set region to one of nyc3/);
  });

  test("tells of a size that does not exist, with those of the region", async () => {
    expectOne(
      await findings({ size: "s-9vcpu" }),
      "size",
      /no size "s-9vcpu".*s-1vcpu-1gb, s-2vcpu-4gb/,
    );
  });

  test("tells of a size that the region does not have", async () => {
    started.cloud.account({ digitalocean: { sizeRegions: { "s-2vcpu-4gb": ["nyc3"] } } });
    expectOne(
      await findings(),
      "size",
      /not to be had in region "fra1"; set size to one of s-1vcpu-1gb/,
    );
  });

  test("refuses a smaller disk than the droplet has", async () => {
    haveDroplet(started.cloud);
    haveVolume(started.cloud, "v1");
    const found = await findings({ size: "s-1vcpu-1gb" }, { firstRun: false });
    expectOne(
      found,
      "size",
      /disk of 80 GiB, which can't shrink to the 25 GiB .*\(s-2vcpu-4gb\), or raise serverGeneration/,
    );
  });

  test("looks at the disk that a rebuilt server will have, not at the old one", async () => {
    haveDroplet(started.cloud);
    haveVolume(started.cloud, "v1");
    const changes = { size: "s-1vcpu-1gb", serverGeneration: 2 };
    assert.deepEqual(await findings(changes, { firstRun: false }), []);
  });

  test("leaves room for both servers while one is rebuilt", async () => {
    haveDroplet(started.cloud);
    haveVolume(started.cloud, "v1");
    started.cloud.account({ digitalocean: { dropletLimit: 1 } });
    const found = await findings({ serverGeneration: 2 }, { firstRun: false });
    expectOne(found, "quota", /may have 1 droplets and has 1; 1 more is needed/);
  });

  test("takes two generations side by side for what they are", async () => {
    haveDroplet(started.cloud, 101);
    haveDroplet(started.cloud, 102, "s-2vcpu-4gb", 80, "shop-prod-2");
    haveVolume(started.cloud, "v1");
    assert.deepEqual(await findings({ serverGeneration: 2 }, { firstRun: false }), []);
  });

  test("lets another application's droplet of the same stack have a larger disk", async () => {
    haveDroplet(started.cloud);
    const changes = { size: "s-1vcpu-1gb", serverName: "blog-prod" };
    assert.deepEqual(await findings(changes, { firstRun: true }), []);
  });

  test("tells of an image that does not exist", async () => {
    expectOne(await findings({ image: "debian-99-x64" }), "image", /no image "debian-99-x64"/);
  });

  test("tells of an image that is not in the region", async () => {
    started.cloud.account({ digitalocean: { imageRegions: { "debian-13-x64": ["nyc3"] } } });
    expectOne(await findings(), "image", /not in region "fra1"; it is in nyc3/);
  });

  test("tells of an image that the disk can't hold", async () => {
    started.cloud.account({ digitalocean: { imageDisks: { "debian-13-x64": 100 } } });
    expectOne(await findings(), "image", /needs a disk of 100 GiB, size "s-2vcpu-4gb" has 80/);
  });

  test("tells of a release for another architecture", async () => {
    expectOne(
      await findings({ platform: "linux/arm64" }),
      "image-platform",
      /built for linux\/arm64.*runs linux\/amd64/,
    );
  });

  test("tells of a zone that the account does not have", async () => {
    expectOne(
      await findings({ zone: "example.net", domains: ["example.net"] }),
      "zone",
      /no domain "example.net".*one of example.org/,
    );
  });

  test("tells of a domain outside the zone", async () => {
    const domains = ["shop.example.org", "shop.example.com"];
    expectOne(
      await findings({ domains }),
      "domains",
      /"shop.example.com" is not in zone example.org/,
    );
  });

  test("does not take a name that only ends like the zone for one in it", async () => {
    expectOne(await findings({ domains: ["shopexample.org"] }), "domains", /not in zone/);
  });
});
