import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiAccount } from "../../simulator/api/account";
import { apiServer } from "../../simulator/api/server";
import { State } from "../../simulator/core/state";

/** Token of the simulated DigitalOcean account; must be in no output. */
export const TOKEN = "dop_v1_0123456789abcdef0123456789abcdef";
/** Secret key of the simulated AWS account; must be in no output. */
export const SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/** An account in which the settings of the tests pass. */
export const ACCOUNT = {
  machines: "none",
  callerAddress: "203.0.113.7",
  digitalocean: {
    token: TOKEN,
    regions: ["fra1", "nyc3"],
    sizes: [
      { slug: "s-1vcpu-1gb", disk: 25, vcpus: 1, memory: 1024 },
      { slug: "s-2vcpu-4gb", disk: 80, vcpus: 2, memory: 4096 },
    ],
    images: ["debian-13-x64"],
    domains: ["example.org"],
    dropletLimit: 3,
    volumeLimit: 3,
    reservedIpLimit: 3,
  },
  aws: {
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: SECRET_KEY,
    region: "eu-central-1",
    disabledRegions: ["ap-east-1"],
    instanceTypes: ["t3.medium", { type: "t4g.medium", architectures: ["arm64"], vcpus: 2 }],
    images: [
      { id: "ami-0123456789abcdef0", architecture: "x86_64" },
      { id: "ami-0123456789abcdef1", architecture: "arm64" },
    ],
    zones: [
      { id: "Z0123456789ABC", name: "example.org" },
      { id: "Z0PRIVATE", name: "example.internal" },
    ],
    privateZones: ["Z0PRIVATE"],
    databaseClasses: ["db.t4g.small"],
    limits: { vcpus: 8, addresses: 5 },
  },
} as unknown as ApiAccount;

/** A running API server over a state folder of its own. */
export interface SimulatedCloud {
  readonly state: State;
  readonly url: string;
  /** Credentials and endpoints for a process that uses the cloud. */
  readonly env: Readonly<Record<string, string>>;
  /** How many requests were answered so far. */
  readonly answered: number;
  /** Writes the account anew, with changes. */
  account: (changes?: Change) => void;
  /** Removes every resource. */
  empty: () => void;
  stop: () => Promise<void>;
}

interface Change {
  readonly callerAddress?: string;
  readonly digitalocean?: Readonly<Record<string, unknown>>;
  readonly aws?: Readonly<Record<string, unknown>>;
}

/** Starts the API server with the usual account and no resources. */
export async function startCloud(): Promise<SimulatedCloud> {
  const folder = mkdtempSync(join(tmpdir(), "pre-cloud-"));
  const state = new State(folder);
  const account = (changes: Change = {}) => {
    state.writeFile("account.json", {
      ...ACCOUNT,
      ...changes,
      digitalocean: { ...ACCOUNT.digitalocean, ...changes.digitalocean },
      aws: { ...ACCOUNT.aws, ...changes.aws },
    });
  };
  account();
  let answered = 0;
  const server = apiServer(state);
  server.on("request", (_request, response) => response.on("finish", () => (answered += 1)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    state,
    url,
    env: {
      DIGITALOCEAN_TOKEN: TOKEN,
      DIGITALOCEAN_API_URL: url,
      AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
      AWS_SECRET_ACCESS_KEY: SECRET_KEY,
      AWS_ENDPOINT_URL: url,
      AWS_REGION: "eu-central-1",
      BERTH_CALLER_ADDRESS: "203.0.113.7",
    },
    get answered() {
      return answered;
    },
    account,
    empty: () => rmSync(join(folder, "resources"), { recursive: true, force: true }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
