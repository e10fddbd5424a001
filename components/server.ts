import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import type { Server } from "../lib/remote-step";
import { DropletServer } from "./droplet-server";
import { Ec2Server } from "./ec2-server";
import { ExistingServer } from "./existing-server";
import { LocalServer } from "./local-server";
import { Preflight } from "./preflight";

/** Makes the server of the stack's target. */
export function makeServer(name: string, settings: Settings): Server & pulumi.ComponentResource {
  if (settings.target === "local") {
    return new LocalServer(name, {
      projectRoot: settings.projectRoot,
      stack: settings.stack,
      operatorKeys: settings.operatorKeys,
      httpPort: settings.local.httpPort,
      httpsPort: settings.publicPort,
      sshPort: settings.local.sshPort,
    });
  }
  const { target } = settings;
  const after = [new Preflight("preflight", { settings, target }).step];
  switch (target) {
    case "droplet":
      return new DropletServer(name, { settings, after });
    case "ec2":
      return new Ec2Server(name, { settings, after });
    case "existing":
      return new ExistingServer(name, { settings, after });
  }
}
