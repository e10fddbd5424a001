import type { Properties } from "../../toolchain/plugins/provider/values";
import type { CloudType } from "../core/cloud-type";
import { uuid } from "../core/ids";
import { apiError } from "./cloud";
import { uptimeChecks } from "./records";
import { anySet, text, withForms, word } from "./shapes";

const TYPES = ["ping", "http", "https"];
const REGIONS = ["us_east", "us_west", "eu_west", "se_asia"];

/** `UptimeCheck`: the cloud looks at an address from outside. Nothing looks in a rehearsal. */
export const uptimeCheck: CloudType = {
  autoName: "name",
  canonical: (inputs) => withForms(inputs, { regions: anySet }),
  check(inputs) {
    const type = inputs["type"];
    const regions = inputs["regions"];
    return [
      ...(typeof type === "string" && !TYPES.includes(type)
        ? [`"type" must be one of ${TYPES.join(", ")}`]
        : []),
      ...(Array.isArray(regions) && regions.some((one) => !REGIONS.includes(word(one)))
        ? [`"regions" may hold ${REGIONS.join(", ")}`]
        : []),
    ];
  },

  create({ state }, inputs) {
    const id = uuid();
    const outputs = fromInputs(inputs);
    state.put(uptimeChecks, id, { id, name: text(inputs, "name"), outputs });
    return Promise.resolve({ id, outputs });
  },

  read: ({ state, id }) =>
    Promise.resolve(state.get(uptimeChecks, id)?.outputs as Properties | undefined),

  update({ state, id }, inputs) {
    if (state.get(uptimeChecks, id) === undefined) {
      throw apiError(`PUT /v2/uptime/checks/${id}`, 404, "check not found");
    }
    const outputs = fromInputs(inputs);
    state.put(uptimeChecks, id, { id, name: text(inputs, "name"), outputs });
    return Promise.resolve(outputs);
  },

  delete({ state, id }) {
    state.remove(uptimeChecks, id);
    return Promise.resolve();
  },
};

function fromInputs(inputs: Properties): Properties {
  return {
    ...{ name: text(inputs, "name"), target: text(inputs, "target") },
    ...{ type: inputs["type"] ?? "ping", enabled: inputs["enabled"] ?? true },
    regions: anySet(inputs["regions"] ?? REGIONS),
  };
}
