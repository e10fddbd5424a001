import type { EC2Client } from "@aws-sdk/client-ec2";
import { isOurName, isOurServerName, STACK_TAG_KEY } from "../names";
import type { PreflightSettings } from "../settings";
import { ask } from "./aws-errors";
import { isCloudError } from "./errors";
import { once } from "./once";

/** What the checks ask of an AWS account; each question is asked once, each SDK client is loaded when first used. */
export class AwsAccount {
  constructor(
    private readonly settings: PreflightSettings,
    private readonly signal: AbortSignal,
  ) {}

  /** Account and principal of the credentials. */
  readonly identity = once(async () => {
    const { STSClient, GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
    const client = new STSClient(this.options());
    return this.ask("sts:GetCallerIdentity", () =>
      client.send(new GetCallerIdentityCommand({}), this.bound()),
    );
  });

  /** Names of the regions and whether the account may use them. */
  readonly regions = once(async () => {
    const { EC2Client, DescribeRegionsCommand } = await import("@aws-sdk/client-ec2");
    // Asked elsewhere: a region that does not exist has no endpoint to ask at.
    const client = new EC2Client({ ...this.options(), region: homeRegion(this.settings.region) });
    const answer = await this.ask("ec2:DescribeRegions", () =>
      client.send(new DescribeRegionsCommand({ AllRegions: true }), this.bound()),
    );
    return answer.Regions ?? [];
  });

  /** The instance type of the settings, undefined when there is none of that name in the region. */
  readonly instanceType = once(async () => {
    const { DescribeInstanceTypesCommand } = await import("@aws-sdk/client-ec2");
    const input = { InstanceTypes: [this.settings.size] as never[] };
    try {
      const answer = await this.ec2("ec2:DescribeInstanceTypes", (client) =>
        client.send(new DescribeInstanceTypesCommand(input), this.bound()),
      );
      return answer.InstanceTypes?.[0];
    } catch (error) {
      if (isCloudError(error, "InvalidInstanceType")) return undefined;
      throw error;
    }
  });

  /** The image of the settings, undefined when the region has none of that id. */
  readonly image = once(async () => {
    const { DescribeImagesCommand } = await import("@aws-sdk/client-ec2");
    try {
      const answer = await this.ec2("ec2:DescribeImages", (client) =>
        client.send(new DescribeImagesCommand({ ImageIds: [this.settings.image] }), this.bound()),
      );
      return answer.Images?.[0];
    } catch (error) {
      const codes = ["InvalidAMIID.NotFound", "InvalidAMIID.Malformed", "InvalidAMIID.Unavailable"];
      if (isCloudError(error, ...codes)) return undefined;
      throw error;
    }
  });

  /** Every instance of the region that is running or about to. */
  readonly runningInstances = once(async () => {
    const { paginateDescribeInstances } = await import("@aws-sdk/client-ec2");
    return this.ec2("ec2:DescribeInstances", async (client) => {
      const found = [];
      const input = { Filters: [{ Name: "instance-state-name", Values: ["pending", "running"] }] };
      for await (const page of paginateDescribeInstances({ client }, input, this.bound())) {
        found.push(...(page.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []));
      }
      return found;
    });
  });

  /** Instances that bear the stack's tag and a name of ours, whatever their state, without those that are gone. */
  readonly ourInstances = once(async () => {
    const { DescribeInstancesCommand } = await import("@aws-sdk/client-ec2");
    const states = ["pending", "running", "stopping", "stopped", "shutting-down"];
    const input = { Filters: [this.ours(), { Name: "instance-state-name", Values: states }] };
    const answer = await this.ec2("ec2:DescribeInstances", (client) =>
      client.send(new DescribeInstancesCommand(input), this.bound()),
    );
    return (answer.Reservations ?? [])
      .flatMap(({ Instances }) => Instances ?? [])
      .filter(({ Tags }) => isOurServerName(this.settings, nameTag(Tags)));
  });

  /** Every Elastic IP of the region. */
  readonly addresses = once(async () => {
    const { DescribeAddressesCommand } = await import("@aws-sdk/client-ec2");
    const answer = await this.ec2("ec2:DescribeAddresses", (client) =>
      client.send(new DescribeAddressesCommand({}), this.bound()),
    );
    return answer.Addresses ?? [];
  });

  /** Volumes that bear the stack's tag and a name of ours. */
  readonly ourVolumes = once(async () => {
    const { DescribeVolumesCommand } = await import("@aws-sdk/client-ec2");
    const answer = await this.ec2("ec2:DescribeVolumes", (client) =>
      client.send(new DescribeVolumesCommand({ Filters: [this.ours()] }), this.bound()),
    );
    return (answer.Volumes ?? []).filter(({ Tags }) => isOurName(this.settings, nameTag(Tags)));
  });

  /** Every network (VPC) of the region. */
  readonly networks = once(async () => {
    const { DescribeVpcsCommand } = await import("@aws-sdk/client-ec2");
    const answer = await this.ec2("ec2:DescribeVpcs", (client) =>
      client.send(new DescribeVpcsCommand({}), this.bound()),
    );
    return answer.Vpcs ?? [];
  });

  /** Every key pair of the region. */
  readonly keyPairs = once(async () => {
    const { DescribeKeyPairsCommand } = await import("@aws-sdk/client-ec2");
    const answer = await this.ec2("ec2:DescribeKeyPairs", (client) =>
      client.send(new DescribeKeyPairsCommand({}), this.bound()),
    );
    return answer.KeyPairs ?? [];
  });

  /** A limit of the account, its default where nobody changed it; undefined when the service does not tell. */
  async quota(service: string, code: string): Promise<number | undefined> {
    const { ServiceQuotasClient, GetServiceQuotaCommand, GetAWSDefaultServiceQuotaCommand } =
      await import("@aws-sdk/client-service-quotas");
    const client = new ServiceQuotasClient(this.options());
    const input = { ServiceCode: service, QuotaCode: code };
    try {
      const answer = await this.ask("servicequotas:GetServiceQuota", () =>
        client.send(new GetServiceQuotaCommand(input), this.bound()),
      );
      return answer.Quota?.Value;
    } catch (error) {
      if (!isCloudError(error, "NoSuchResourceException")) throw error;
    }
    const answer = await this.ask("servicequotas:GetAWSDefaultServiceQuota", () =>
      client.send(new GetAWSDefaultServiceQuotaCommand(input), this.bound()),
    );
    return answer.Quota?.Value;
  }

  /** Region, retries: what every client is made with. */
  options(): { region: string; maxAttempts: number } {
    return { region: this.settings.region, maxAttempts: 2 };
  }

  /** What ends a request that takes too long. */
  bound(): { abortSignal: AbortSignal } {
    return { abortSignal: this.signal };
  }

  /** Asks any service; see {@link ask}. */
  ask<T>(action: string, send: () => Promise<T>): Promise<T> {
    return ask(action, send);
  }

  private async ec2<T>(action: string, send: (client: EC2Client) => Promise<T>): Promise<T> {
    const client = await this.ec2Client();
    return ask(action, () => send(client));
  }

  private readonly ec2Client = once(async () => {
    const { EC2Client } = await import("@aws-sdk/client-ec2");
    return new EC2Client(this.options());
  });

  private ours(): { Name: string; Values: string[] } {
    return { Name: `tag:${STACK_TAG_KEY}`, Values: [this.settings.stack] };
  }
}

/** Loads the SDK's clients that the checks will use, so that their time is left for waiting. */
export async function loadAwsClients({ databaseSize, zone }: PreflightSettings): Promise<void> {
  await Promise.all([
    import("@aws-sdk/client-sts"),
    import("@aws-sdk/client-ec2"),
    import("@aws-sdk/client-service-quotas"),
    databaseSize === "" ? undefined : import("@aws-sdk/client-rds"),
    zone === "" ? undefined : import("@aws-sdk/client-route-53"),
  ]);
}

/** The region of a partition that every account of it may use. */
function homeRegion(region: string): string {
  if (region.startsWith("cn-")) return "cn-north-1";
  if (region.startsWith("us-gov-")) return "us-gov-west-1";
  return "us-east-1";
}

/** Name of a thing at AWS: the value of its tag `Name`. */
export function nameTag(
  tags: readonly { Key?: string; Value?: string }[] | undefined,
): string | undefined {
  return tags?.find(({ Key }) => Key === "Name")?.Value;
}
