import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";

// A few things of a cloud, named and tagged as berth does: some that bear data, some that don't, one that has no name.
const config = new pulumi.Config();
const protect = config.requireBoolean("protectData");
const region = "fra1";
const stack = pulumi.getStack();
const tags = [`berth-${stack}`, `berth-cloud-${stack}`];

const network = new digitalocean.Vpc("network", { name: "act", region, ipRange: "10.77.0.0/24" });
const volume = new digitalocean.Volume(
  "data",
  { name: "act", region, size: 10, tags },
  { protect, dependsOn: [network] },
);
new digitalocean.ReservedIp(
  "address",
  { region },
  { protect: protect && config.require("create") !== "unprotected", dependsOn: [volume] },
);

module.exports = {
  deployed: { id: "0123456789ab", app: "cloud", platform: "linux/amd64", images: {} },
  urls: {},
};
