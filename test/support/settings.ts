import { join } from "node:path";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../config";
import type { Server } from "../../lib/remote-step";
import { shopApplication, shopRelease } from "./application";

/** Settings of {@link shopApplication} as a stack would have them. */
export function shopSettings(changes: Partial<Settings> = {}): Settings {
  return {
    projectRoot: join(__dirname, "..", ".."),
    stack: "unit",
    application: shopApplication(),
    release: shopRelease(),
    domains: { main: "shop.example.org" },
    urls: { main: "https://shop.example.org" },
    email: "admin@example.org",
    publicPort: 443,
    acme: { server: "https://acme.example/dir", rootUrl: "" },
    secretVersions: {},
    local: { httpPort: 80, sshPort: 2222 },
    ...changes,
  };
}

/** Values of {@link shopApplication}'s secrets. */
export const SHOP_SECRETS = { adminPassword: "admin-geheim", webPassword: "web-geheim" };

/** The same as secret outputs. */
export function shopSecrets(): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    Object.entries(SHOP_SECRETS).map(([name, value]) => [name, pulumi.secret(value)]),
  );
}

/** A server that is there, for components that only send steps to it. */
export function someServer(): Server {
  return {
    connection: {
      host: "192.0.2.10",
      port: 22,
      user: "berth",
      privateKey: pulumi.secret("private-key-geheim"),
      hostKey: "ssh-ed25519 AAAAhost",
    },
    publicAddress: pulumi.output("192.0.2.10"),
    dataPath: "/srv/berth",
    machine: new command.local.Command("machine", { create: "true" }),
  };
}

/** Mocked outputs of the providers that the components use. */
export const PROVIDER_OUTPUTS = {
  "command:local:Command": (_: unknown, name: string) => ({
    stdout: `stdout of ${name}`,
    stderr: "",
  }),
  "command:remote:Command": (_: unknown, name: string) => ({
    stdout: `stdout of ${name}`,
    stderr: "",
  }),
  "random:index/randomPassword:RandomPassword": (_: unknown, name: string) => ({
    result: pulumi.secret(`value of ${name}`),
  }),
  "tls:index/privateKey:PrivateKey": () => ({
    privateKeyOpenssh: pulumi.secret("private-key-geheim"),
    publicKeyOpenssh: "ssh-ed25519 AAAApublic\n",
  }),
};
