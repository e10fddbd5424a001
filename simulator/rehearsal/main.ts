// Writes the project of a rehearsal. Started by commands/rehearse.sh, which tells the values as --name value.
import { parseArgs } from "node:util";
import { writeProject } from "./project";

const text = { type: "string", default: "" } as const;
const { values } = parseArgs({
  options: {
    root: text,
    stack: text,
    folder: text,
    state: text,
    plugins: text,
    release: text,
    caller: text,
    authority: text,
    databaseAuthority: text,
    operatorKey: text,
  },
});
writeProject(values);
