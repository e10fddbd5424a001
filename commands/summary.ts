import { isSecret } from "./state-file";

/** Stack outputs that the summary names. Beside them are the application's secrets, which arrive masked. */
export interface Outputs {
  readonly urls: Readonly<Record<string, string>>;
  readonly serverAddress: string;
  readonly release: string;
  readonly certificateRoot: string;
  readonly deployed?: { readonly images: Readonly<Record<string, unknown>> };
  readonly [secret: string]: unknown;
}

// How the server is logged in to.
const NO_SECRET_OF_THE_APPLICATION = "login";

/** Renders what runs and what to do with it; a server of one's own goes by another command than a cloud's. */
export function renderSummary(
  stack: string,
  target: string,
  outputs: Outputs,
  rootFile: string,
): string {
  const option = ` STACK=${stack}`;
  const rows: [string, string][] = [
    ...Object.entries(outputs.urls),
    ["release", outputs.release],
    ["server", outputs.serverAddress],
    ...(outputs.certificateRoot === ""
      ? []
      : [["test CA", `trust ${rootFile} to see no warning`] as [string, string]]),
    ...loginRow(outputs, option),
    ["shell", `make ssh${option}`],
    ["logs", `make logs${option}${serviceOption(outputs)}`],
    [
      "remove",
      target === "local" ? `make down${option}` : `make destroy${option} CONFIRM=${stack}`,
    ],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}\n`).join("");
}

/** By the name of its secret an application has a user that administers it; of another one any secret is named. */
function loginRow(outputs: Outputs, option: string): [string, string][] {
  const secrets = Object.entries(outputs)
    .filter(([name, value]) => isSecret(value) && name !== NO_SECRET_OF_THE_APPLICATION)
    .map(([name]) => name);
  if (secrets.includes("adminPassword")) {
    return [["log in", `user admin; its password: make password${option}`]];
  }
  const [first] = secrets;
  return first === undefined ? [] : [["secrets", `make password${option} SECRET=${first}`]];
}

function serviceOption({ deployed }: Outputs): string {
  const [service] = Object.keys(deployed?.images ?? {});
  return service === undefined ? "" : ` SERVICE=${service}`;
}
