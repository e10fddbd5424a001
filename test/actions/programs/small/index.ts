import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

// The least that the CI scripts and commands look for in a stack: protected data, a step, the release, a secret.
const config = new pulumi.Config();
const kept = new random.RandomPassword(
  "kept",
  { length: 40, special: false },
  { protect: config.requireBoolean("protectData") },
);
new command.local.Command("step", { create: config.require("create"), delete: "true" });

module.exports = {
  deployed: { id: "0123456789ab", app: "small", platform: "linux/amd64", images: {} },
  urls: { main: "https://small.localhost" },
  password: kept.result,
};
