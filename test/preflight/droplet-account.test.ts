import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as held from "../../simulator/digitalocean/records";
import { expectOne } from "./expect-finding";
import { haveDroplet, haveVolume } from "./droplet-things";
import { DROPLET } from "./looking";
import { withCloud } from "./with-cloud";

const started = withCloud(DROPLET);
const { findings } = started;

describe("what a DigitalOcean account holds", () => {
  for (const [things, limit] of [
    ["droplets", "dropletLimit"],
    ["volumes", "volumeLimit"],
    ["reserved IPs", "reservedIpLimit"],
  ] as const) {
    test(`tells of an account that is full of ${things}`, async () => {
      started.cloud.account({ digitalocean: { [limit]: 0 } });
      expectOne(
        await findings(),
        "quota",
        new RegExp(`may have 0 ${things} and has 0; 1 more is needed`),
      );
    });
  }

  test("passes over limits that a scoped token may not see", async () => {
    started.cloud.account({
      digitalocean: {
        volumeLimit: 0,
        scopes: [
          "account:read regions:read sizes:read image:read droplet:read reserved_ip:read",
          "ssh_key:read vpc:read domain:read firewall:read",
        ].flatMap((line) => line.split(" ")),
      },
    });
    const found = await findings();
    assert.ok(!found.some((line) => line.includes("volume_limit")));
    assert.ok(
      found.every((line) => line.includes("/v2/volumes")),
      found.join("\n"),
    );
  });

  test("tells of a data volume that would shrink", async () => {
    haveDroplet(started.cloud);
    haveVolume(started.cloud, "v1", 40);
    expectOne(
      await findings({}, { firstRun: false }),
      "volume",
      /has 40 GiB and can't shrink to 20; set volumeSizeGb to 40/,
    );
  });

  test("tells of each thing of ours that was left behind before the first run", async () => {
    started.cloud.account({ digitalocean: { dropletLimit: 10, volumeLimit: 10 } });
    haveDroplet(started.cloud);
    haveVolume(started.cloud, "v1");
    const named = { id: "7", name: "shop-prod", outputs: {} };
    started.cloud.state.put(held.sshKeys, "7", { ...named, fingerprint: "", publicKey: "" });
    started.cloud.state.put(held.firewalls, "f7", { ...named, id: "f7" });
    started.cloud.state.put(held.vpcs, "n7", {
      id: "n7",
      name: "shop-prod",
      region: "fra1",
      ipRange: "",
      description: "",
      createdAt: "",
      isDefault: false,
    });
    const found = await findings();
    assert.equal(found.length, 5, found.join("\n"));
    for (const [index, words] of [
      'droplet "shop-prod-1" \\(101\\).*make recover STACK=prod.*doctl compute droplet delete 101',
      'volume "shop-prod" \\(v1\\).*doctl compute volume delete v1',
      'SSH key "shop-prod" \\(7\\).*doctl compute ssh-key delete 7',
      'firewall "shop-prod" \\(f7\\).*doctl compute firewall delete f7',
      'VPC "shop-prod" \\(n7\\).*doctl vpcs delete n7',
    ].entries()) {
      assert.match(found[index]!, new RegExp(`^name-taken: .*${words}`));
    }
  });

  test("tells of the second droplet that a lost answer made", async () => {
    haveDroplet(started.cloud, 101);
    haveDroplet(started.cloud, 102);
    haveVolume(started.cloud, "v1");
    const found = await findings({}, { firstRun: false });
    assert.equal(found.length, 2);
    assert.match(found[1]!, /\(102\), one of 2 of that name; the stack knows one of them/);
  });

  test("leaves things of a longer name alone", async () => {
    haveVolume(started.cloud, "v1", 20, "shop-prod-eu");
    assert.deepEqual(await findings(), []);
  });
});
