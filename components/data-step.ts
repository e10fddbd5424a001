import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import { DATABASE_VARIABLES } from "../lib/app-environment";
import type { ComposeService, PostgresDatabase } from "../lib/application-types";
import { renderDataProject, type RenderedCompose } from "../lib/compose";
import { variablesOfService } from "../lib/compose-variables";
import { renderEnvFile } from "../lib/env-file";
import { remoteStep, type Server } from "../lib/remote-step";
import { releaseEnvironment, type DatabaseAddress } from "./release-environment";

const TIMEOUT_SECONDS = 300;

/** Arguments of {@link dataStep}. */
export interface DataStepArgs {
  readonly settings: Settings;
  readonly server: Server;
  /** The application's secrets by name. */
  readonly secrets: Readonly<Record<string, pulumi.Output<string>>>;
  readonly database?: DatabaseAddress;
  /** Service that is not run here, as it is managed elsewhere. */
  readonly without?: string;
  /** The database among the services, with its administrator's password; none by default. */
  readonly postgres?: PostgresDatabase & { readonly adminPassword: pulumi.Output<string> };
  readonly parent: pulumi.Resource;
  /** Steps that come before. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * Makes the step that runs the services that releases leave alone. It is given the variables that these services name
 * and no others, so that a change of another one runs nothing again.
 */
export function dataStep(name: string, args: DataStepArgs): command.remote.Command {
  const { settings, server, postgres } = args;
  const { application, release, projectRoot } = settings;
  const compose = renderDataProject(
    { application, release, dataPath: server.dataPath, slot: "a" },
    args.without,
  );
  return remoteStep(name, {
    projectRoot,
    server,
    script: "database/start.sh",
    uses: ["database"],
    timeoutSeconds: TIMEOUT_SECONDS,
    inputs: {
      APP: application.project.name,
      DATA_COMPOSE: JSON.stringify(compose),
      ENV_FILE: renderEnvironment(args, compose),
      ...(postgres === undefined
        ? {}
        : {
            SERVICE: postgres.service,
            DATABASE: postgres.name,
            ADMIN_ROLE: postgres.admin.role,
            ADMIN_PASSWORD: postgres.adminPassword,
          }),
    },
    parent: args.parent,
    dependsOn: args.after,
  });
}

function renderEnvironment(args: DataStepArgs, compose: RenderedCompose): pulumi.Output<string> {
  const { settings, secrets, database, postgres } = args;
  const named = new Set(
    Object.values(compose.services)
      .flatMap((service) => variablesOfService(service as ComposeService))
      .map((reference) => reference.name),
  );
  const admin = settings.application.berth.secrets?.[postgres?.admin.secret ?? ""]?.env;
  if (admin !== undefined) named.add(admin);
  // A managed database is minutes of waiting for who does not ask for it.
  const address = DATABASE_VARIABLES.some((variable) => named.has(variable)) ? database : undefined;
  return releaseEnvironment(settings, secrets, address).apply((all) =>
    renderEnvFile(Object.fromEntries(Object.entries(all).filter(([name]) => named.has(name)))),
  );
}
