import { setTimeout as pause } from "node:timers/promises";
import { digitalOceanClient } from "../../preflight/cloud/digitalocean";
import type { DigitalOceanClient } from "../../preflight/cloud/digitalocean-client";
import type { Rules, RunnerRule } from "./rules";
import type { Stack } from "./stack";

interface Firewall {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly created_at: string;
}

/** At DigitalOcean a rule is a firewall of its own, which covers the stack's servers by their tag. */
export class DigitalOceanRules implements Rules {
  readonly prefix: string;
  private readonly client: DigitalOceanClient;
  private readonly tag: string;

  /** @throws CredentialsRefused when there is no token. */
  constructor(
    stack: Stack,
    env: Readonly<Record<string, string | undefined>>,
    signal: AbortSignal,
  ) {
    this.prefix = `berth-${stack.name}-runner-`;
    this.tag = `berth-${stack.serverName}`;
    this.client = digitalOceanClient(env, signal);
  }

  /** The tag may be there before the droplets are. */
  readonly isReady = () => Promise.resolve(true);

  readonly list = async (): Promise<readonly RunnerRule[]> => {
    const firewalls = await this.client.list<Firewall>("/v2/firewalls", "firewalls");
    return firewalls.map(({ id, name, created_at }) => ({ id, name, made: new Date(created_at) }));
  };

  readonly open = async (name: string, address: string): Promise<void> => {
    // A firewall takes only tags that exist; making one that is there is fine.
    await this.client.post("/v2/tags", { name: this.tag });
    const rule = { protocol: "tcp", ports: "22", sources: { addresses: [`${address}/32`] } };
    const { firewall } = await this.client.post<{ firewall: Firewall }>("/v2/firewalls", {
      name,
      tags: [this.tag],
      inbound_rules: [rule],
    });
    for (let { status } = firewall; status === "waiting";) {
      await pause(1000);
      const path = `/v2/firewalls/${firewall.id}`;
      ({ status } = (await this.client.get<{ firewall: Firewall }>(path)).firewall);
      if (status === "failed") throw new Error(`firewall ${name} could not be applied`);
    }
  };

  readonly close = ({ id }: RunnerRule): Promise<void> => this.client.delete(`/v2/firewalls/${id}`);
}
