// Checks a stack's files without the engine. Started by commands/config.sh, which tells the values as --name value.
//   --project folder of Pulumi.yaml and the stacks' files   --stack name   --built name of the release that is built later
//   --rehearsed   the values that a rehearsal gives itself are not looked at   --quiet   says nothing where all is well
// Exit codes: 0 nothing was found; 2 something was, it is on stderr.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ConfigValues, readDeclaredKeys } from "../lib/config-values";
import { renderReport } from "../lib/findings-report";
import { readStackFile } from "../lib/stack-file";
import { checkStack } from "../lib/stack-checks";
import { replacedKeys } from "../simulator/rehearsal/replaced-keys";

const WIDTH = 100;

const { values: options } = parseArgs({
  options: {
    project: { type: "string", default: "." },
    stack: { type: "string", default: "dev" },
    built: { type: "string", default: "" },
    rehearsed: { type: "boolean", default: false },
    quiet: { type: "boolean", default: false },
  },
});

/** Keys that are given another value before they are used. */
function settledKeys(given: Readonly<Record<string, unknown>>, isPartial: boolean): string[] {
  return [
    ...((given.release ?? "local") === options.built ? ["release"] : []),
    ...(options.rehearsed ? replacedKeys((key) => given[key]) : []),
    // An environment of Pulumi's may give what the file does not, also within a map.
    ...(isPartial
      ? Object.keys(declared.keys).filter(
          (key) => given[key] === undefined || typeof given[key] === "object",
        )
      : []),
  ];
}

const projectRoot = resolve(__dirname, "..");
const declared = readDeclaredKeys(projectRoot);
const file = readStackFile(resolve(options.project), options.stack, declared);
const values = new ConfigValues(declared, file.given, settledKeys(file.given, file.isPartial));
// Of a file that can't be read nothing is known, not even which application it names.
const { config, compose } = file.isReadable
  ? checkStack({ values, projectRoot, environment: options.rehearsed ? {} : process.env })
  : { config: [], compose: [] };
const findings = [...file.findings, ...config].map(file.placed);

if (findings.length + compose.length > 0) {
  const report = renderReport(
    options.stack,
    [
      { file: join(options.project, `Pulumi.${options.stack}.yaml`), findings },
      { file: join(values.text("app"), "compose.yaml"), findings: compose },
    ],
    { width: WIDTH, color: process.stderr.isTTY && process.env.NO_COLOR === undefined },
  );
  process.stderr.write(`error: ${report}\n`);
  process.exitCode = 2;
} else if (!options.quiet) {
  process.stdout.write(`  configuration of stack ${options.stack}: nothing to correct\n`);
}
