import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { HostScripts } from "../../components";
import { DropletServer } from "../../components/droplet-server";
import { loadSettings } from "../../config";

// As many servers as BENCH_SERVERS says, each with all that a droplet of production has: what a preview of them costs.
const settings = loadSettings();
const provider = new digitalocean.Provider("cloud");
for (let number = 1; number <= Number(process.env.BENCH_SERVERS ?? "1"); number += 1) {
  const server = new DropletServer(`server-${number}`, {
    settings: { ...settings, serverName: `${settings.serverName}-${number}` },
    after: [],
    provider,
  });
  const host = new HostScripts(`host-${number}`, {
    projectRoot: settings.projectRoot,
    server,
    trustedCertificates: settings.trustedCertificates,
    volumeSizeGb: settings.cloud.volumeSizeGb,
  });
  server.publish([host.step]);
}
module.exports = { stack: pulumi.getStack() };
