import { serve } from "../../toolchain/plugins/provider/server";
import type { PluginTable } from "../../toolchain/plugins/provider/schema";
import type { Properties } from "../../toolchain/plugins/provider/values";
import type { Cloud, CloudType } from "./cloud-type";
import { simulated } from "./simulated";

/** Serves a simulated cloud as a plugin. `use` gets the provider's settings, and may throw what is wrong with them. */
export function serveCloud(
  table: PluginTable,
  cloud: Cloud,
  types: Record<string, CloudType>,
  use?: (config: Properties) => void,
): void {
  serve(table, simulated(table, cloud, types), use);
}
