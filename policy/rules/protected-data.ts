import { keepsData, PROTECT_DATA, rule } from "../rule";
import { DATA_TYPES } from "../types";

/** What holds data, or the address that names lead to, is protected while the stack keeps its data. */
export const protectedData = rule({
  name: "protected-data",
  description: "Volumes, databases and public addresses are protected.",
  types: DATA_TYPES,
  configSchema: PROTECT_DATA,
  check: (resource) =>
    resource.opts.protect || !keepsData(resource)
      ? []
      : [
          `${resource.name} is not protected; give it the option protect: true. To give the data up, ` +
            "run `make destroy CONFIRM=<stack>`.",
        ],
});
