import type { Properties } from "../../toolchain/plugins/provider/values";
import type { Call, CloudType } from "../core/cloud-type";
import { isoSeconds, uuid } from "../core/ids";
import { apiError } from "./cloud";
import { hasDomain } from "./dns";
import { droplets, projects, reservedIps, volumes } from "./records";
import { anySet, lowerCase, text, texts, withForms } from "./shapes";

const OTHER = "Other: ";

/** `Project`: a list of resources by URN, under a name. */
export const project: CloudType = {
  autoName: "name",
  canonical: (inputs) => withForms(inputs, { environment: lowerCase, resources: anySet }),

  async create(call, inputs) {
    const id = uuid();
    const name = text(inputs, "name");
    const createdAt = isoSeconds();
    const outputs = { ...fromInputs(call, inputs), createdAt, updatedAt: createdAt };
    await call.state.locked(() => {
      if (call.state.list(projects).some((other) => other.name === name)) {
        throw apiError("POST /v2/projects", 409, "name is already in use");
      }
      call.state.put(projects, id, { id, name, outputs });
    });
    return { id, outputs };
  },

  /** What is gone is in no list any more. The API calls reserved addresses by their former name. */
  read(call) {
    const found = call.state.get(projects, call.id);
    if (found === undefined) return Promise.resolve(undefined);
    const outputs = found.outputs as Properties;
    const resources = texts(outputs, "resources")
      .filter((urn) => isThere(call, urn))
      .map((urn) => urn.replace("do:reservedip:", "do:floatingip:"));
    return Promise.resolve({ ...outputs, resources });
  },

  update(call, inputs, olds) {
    const found = call.state.get(projects, call.id);
    if (found === undefined) throw apiError(`PUT /v2/projects/${call.id}`, 404, "not found");
    const createdAt = olds["createdAt"] ?? "";
    const outputs = { ...fromInputs(call, inputs), createdAt, updatedAt: isoSeconds() };
    call.state.put(projects, call.id, { ...found, name: text(inputs, "name"), outputs });
    return Promise.resolve(outputs);
  },

  /** Its resources go to the default project first, so one that is gone makes it fail. */
  delete(call, recorded) {
    assertThere(call, texts(recorded, "resources"));
    call.state.remove(projects, call.id);
    return Promise.resolve();
  },
};

function fromInputs(call: Call, inputs: Properties): Properties {
  const resources = texts(inputs, "resources");
  assertThere(call, resources);
  const environment = text(inputs, "environment");
  const purpose = text(inputs, "purpose") || "Web Application";
  return {
    ...{ name: text(inputs, "name"), description: inputs["description"] ?? null },
    purpose: purpose.startsWith(OTHER) ? purpose.slice(OTHER.length) : purpose,
    environment: environment === "" ? null : capital(environment),
    ...{ isDefault: inputs["isDefault"] ?? false, ownerId: 1, ownerUuid: OWNER },
    resources: resources.sort(),
  };
}

const OWNER = "00000000-0000-4000-8000-000000000001";

function assertThere(call: Call, urns: readonly string[]): void {
  const gone = urns.filter((urn) => !isThere(call, urn));
  if (gone.length > 0) {
    const why = `resources do not exist: ${gone.join(", ")}`;
    throw apiError("POST /v2/projects/resources", 404, why);
  }
}

function isThere({ state, account }: Call, urn: string): boolean {
  const [, type, id = ""] = urn.split(":");
  switch (type) {
    case "droplet":
      return state.get(droplets, id) !== undefined;
    case "volume":
      return state.get(volumes, id) !== undefined;
    case "domain":
      return hasDomain(state, account, id);
    case "reservedip":
    case "floatingip":
      return state.get(reservedIps, id) !== undefined;
    default:
      return false;
  }
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1).toLowerCase()}`;
}
