import type { Properties } from "../../toolchain/plugins/provider/values";
import type { Call, CloudType } from "../core/cloud-type";
import { stamp } from "../core/ids";
import { accountOf, apiError } from "./cloud";
import { droplets, machineName, reservedIps, type ReservedIp } from "./records";
import { lowerCase, text, withForms } from "./shapes";

const NOT_FOUND = "The resource you were accessing could not be found.";

/** `ReservedIp`: a public address of its own. The droplet it leads to does not know of it. */
export const reservedIp: CloudType = {
  canonical: (inputs) => withForms(inputs, { region: lowerCase }),

  async create(call, inputs) {
    const { state, account, machines } = call;
    const region = text(inputs, "region").toLowerCase();
    if (!accountOf(account).regions.includes(region)) {
      throw apiError("POST /v2/reserved_ips", 422, "region is not available");
    }
    const ip = await machines.allocateAddress();
    state.put(reservedIps, ip, { ip, region });
    if (inputs["dropletId"] !== undefined) await lead(call, ip, Number(inputs["dropletId"]));
    return { id: ip, outputs: outputs(existing(call, ip)) };
  },

  read({ state, id }) {
    const found = state.get(reservedIps, id);
    return Promise.resolve(found && outputs(found));
  },

  async update(call, inputs) {
    const droplet = inputs["dropletId"];
    await lead(call, call.id, droplet === undefined ? undefined : Number(droplet));
    return outputs(existing(call, call.id));
  },

  async delete({ state, machines, id }) {
    if (state.get(reservedIps, id) === undefined) return;
    await machines.releaseAddress(id);
    state.remove(reservedIps, id);
  },
};

/** `ReservedIpAssignment`: the droplet that an address leads to. */
export const reservedIpAssignment: CloudType = {
  async create(call, inputs) {
    const dropletId = Number(inputs["dropletId"]);
    const ipAddress = text(inputs, "ipAddress");
    await lead(call, ipAddress, dropletId);
    return {
      id: `${dropletId}-${ipAddress}-${stamp()}`,
      outputs: { dropletId, ipAddress },
    };
  },

  read(call, recorded) {
    // A lost address is an error here, not a lost assignment: the real provider does the same.
    const found = existing(call, text(recorded, "ipAddress"));
    return Promise.resolve(found.dropletId === recorded["dropletId"] ? recorded : undefined);
  },

  async delete(call, recorded) {
    const found = existing(call, text(recorded, "ipAddress"));
    if (found.dropletId === undefined) {
      // Where the real plugin dies of a nil pointer, and takes the calls beside it along.
      throw new Error("error reading from server: EOF");
    }
    if (found.dropletId === recorded["dropletId"]) await lead(call, found.ip, undefined);
  },
};

async function lead(call: Call, ip: string, dropletId: number | undefined): Promise<void> {
  const { state, machines } = call;
  const { region } = existing(call, ip);
  if (dropletId === undefined) {
    await machines.assign(ip);
    state.put(reservedIps, ip, { ip, region });
    return;
  }
  const droplet = state.get(droplets, String(dropletId));
  const action = `POST /v2/reserved_ips/${ip}/actions`;
  if (droplet === undefined) throw apiError(action, 404, NOT_FOUND);
  if (droplet.region !== region) {
    throw apiError(action, 422, "Droplet and reserved IP are not in the same region");
  }
  await machines.assign(ip, machineName(String(dropletId)));
  state.put(reservedIps, ip, { ip, region, dropletId });
}

function existing({ state }: Call, ip: string): ReservedIp {
  const found = state.get(reservedIps, ip);
  if (found === undefined) throw apiError(`GET /v2/reserved_ips/${ip}`, 404, NOT_FOUND);
  return found;
}

function outputs({ ip, region, dropletId }: ReservedIp): Properties {
  return {
    ...{ ipAddress: ip, region, dropletId: dropletId ?? null },
    reservedIpUrn: `do:reservedip:${ip}`,
  };
}
