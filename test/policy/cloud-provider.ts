import type { ResourceHandler } from "../../toolchain/plugins/provider/resource-handler";
import type { PluginTable } from "../../toolchain/plugins/provider/schema";
import { serve } from "../../toolchain/plugins/provider/server";
import aws from "../../simulator/aws/schema.json";
import digitalocean from "../../simulator/digitalocean/schema.json";

// A provider that checks arguments by its table and makes nothing: enough for what policies see.
const tables: Record<string, unknown> = { aws, digitalocean };
const table = tables[process.argv.at(-1) ?? ""] as PluginTable;

let made = 0;
const handler: ResourceHandler = {
  create: (_, inputs) => {
    made += 1;
    return Promise.resolve({ id: `${String(process.pid)}-${String(made)}`, outputs: inputs });
  },
  update: (_, inputs) => Promise.resolve(inputs),
};

serve(table, Object.fromEntries(Object.keys(table.resources).map((type) => [type, handler])));
