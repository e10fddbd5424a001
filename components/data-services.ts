import * as pulumi from "@pulumi/pulumi";
import type * as command from "@pulumi/command";
import type { Settings } from "../config";
import { serviceMode } from "../lib/application-checks";
import type { Database } from "../lib/database";
import type { Server } from "../lib/remote-step";
import { ComposeDatabase } from "./compose-database";
import { dataStep } from "./data-step";

/** Arguments of {@link makeDataServices}. */
export interface DataServicesArgs {
  readonly settings: Settings;
  readonly server: Server;
  readonly secrets: Readonly<Record<string, pulumi.Output<string>>>;
  /** The application's database, where it has one. */
  readonly database?: Database;
  /** Steps that come before. */
  readonly after: readonly pulumi.Resource[];
}

/** Services that releases leave alone, such as a cache with a password, where the database is not one of them. */
class DataServices extends pulumi.ComponentResource {
  public readonly step: command.remote.Command;

  constructor(
    name: string,
    args: DataServicesArgs & { readonly without?: string },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("berth:index:DataServices", name, {}, opts);
    this.step = dataStep(`${name}-start`, { ...args, parent: this });
    this.registerOutputs({});
  }
}

/** Makes what runs the services that releases leave alone; nothing where there are none, or the database's step does. */
export function makeDataServices(name: string, args: DataServicesArgs): pulumi.Resource[] {
  const { application } = args.settings;
  const declared = application.berth.database;
  const without = declared?.kind === "postgres" ? declared.service : undefined;
  const services = Object.keys(application.project.services).filter(
    (service) => serviceMode(application, service) === "stateful" && service !== without,
  );
  if (args.database instanceof ComposeDatabase || services.length === 0) return [];
  return [new DataServices(name, { ...args, without }).step];
}
