import type { AwsAccount } from "./cloud/aws";
import type { DigitalOceanAccount } from "./cloud/digitalocean";
import type { AskServers } from "./public-names";
import type { PreflightSettings, PreflightTarget } from "./settings";

/** Something that would fail later: what is wrong, and what is allowed or to be done. */
export interface Finding {
  readonly problem: string;
  readonly next: string;
}

/** What a check looks at. */
export interface Context {
  readonly settings: PreflightSettings;
  /** Environment of the process; credentials come from here. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the project, absolute. */
  readonly projectRoot: string;
  /** The stack was never up: whatever bears its names is in nobody's state. */
  readonly firstRun: boolean;
  /** The cloud is the real one, so what it holds shows in the public DNS. */
  readonly publicCloud: boolean;
  /** Ends what a check waits for, when its time is over. */
  readonly signal: AbortSignal;
  readonly digitalOcean: DigitalOceanAccount;
  readonly aws: AwsAccount;
  /** Asks the public DNS for the name servers of a domain. */
  readonly askServers: AskServers;
  /** The address that this machine is seen at. @throws when nobody tells. */
  readonly callerAddress: () => Promise<string>;
}

/** One check, by the name it is skipped with. */
export interface Check {
  readonly name: string;
  /** Kinds of server it has something to say about. */
  readonly targets: readonly PreflightTarget[];
  /** Looks, and gives back all it found; changes nothing. */
  readonly run: (context: Context) => Promise<readonly Finding[]>;
}

/** The clouds, without servers that are there already. */
export const CLOUDS: readonly PreflightTarget[] = ["droplet", "ec2"];

/** Every kind of server. */
export const EVERYWHERE: readonly PreflightTarget[] = ["droplet", "ec2", "existing"];

/** Shortens a list for a message: the first few, and how many more there are. */
export function fewOf(values: readonly string[], most = 8): string {
  const shown = [...values].sort().slice(0, most).join(", ");
  return values.length > most ? `${shown} and ${values.length - most} more` : shown;
}
