/** Stack outputs that the summary names; secret ones arrive masked and are not among them. */
export interface Outputs {
  readonly urls: Readonly<Record<string, string>>;
  readonly serverAddress: string;
  readonly release: string;
  readonly certificateRoot: string;
}

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
    ["log in", `user admin; its password: make password${option}`],
    ["shell", `make ssh${option}`],
    ["logs", `make logs${option} SERVICE=api`],
    [
      "remove",
      target === "local" ? `make down${option}` : `make destroy${option} CONFIRM=${stack}`,
    ],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}\n`).join("");
}
