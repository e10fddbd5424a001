import type { Properties } from "../../toolchain/plugins/provider/values";
import { isObject } from "../../toolchain/plugins/provider/values";

/** Settings of the provider that its resources take over. */
export interface ProviderSettings {
  region: string;
  defaultTags: Record<string, string>;
  accessKey: string;
}

const settings: ProviderSettings = { region: "", defaultTags: {}, accessKey: "" };

/** Takes the provider's settings; the environment fills in region and key. */
export function useProvider(config: Properties): void {
  const { region, accessKey, defaultTags } = config;
  const env = process.env;
  settings.region =
    typeof region === "string" ? region : (env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"] ?? "");
  if (settings.region === "") {
    throw new Error("invalid AWS Region: Missing region; set aws:region or AWS_REGION");
  }
  settings.accessKey = typeof accessKey === "string" ? accessKey : (env["AWS_ACCESS_KEY_ID"] ?? "");
  settings.defaultTags = {};
  if (isObject(defaultTags) && isObject(defaultTags["tags"])) {
    for (const [name, value] of Object.entries(defaultTags["tags"])) {
      settings.defaultTags[name] = typeof value === "string" ? value : "";
    }
  }
}

/** The settings of this plugin process. */
export function provider(): ProviderSettings {
  return settings;
}
