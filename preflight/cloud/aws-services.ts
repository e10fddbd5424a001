import type { AwsAccount } from "./aws";
import { isCloudError } from "./errors";

/** A hosted zone of Route 53. */
export interface HostedZone {
  /** Id without its prefix, `Z...`. */
  readonly id: string;
  /** Name of the domain, without the final dot. */
  readonly name: string;
  /** Answers only inside networks of the account. */
  readonly private: boolean;
  /** Name servers that a registrar has to name; none for a private zone. */
  readonly nameServers: readonly string[];
}

/** The hosted zone of an id, undefined when the account has none of it. */
export async function hostedZone(aws: AwsAccount, id: string): Promise<HostedZone | undefined> {
  const { Route53Client, GetHostedZoneCommand } = await import("@aws-sdk/client-route-53");
  const client = new Route53Client(aws.options());
  try {
    const answer = await aws.ask("route53:GetHostedZone", () =>
      client.send(new GetHostedZoneCommand({ Id: id }), aws.bound()),
    );
    return {
      id,
      name: (answer.HostedZone?.Name ?? "").replace(/\.$/, ""),
      private: answer.HostedZone?.Config?.PrivateZone ?? false,
      nameServers: answer.DelegationSet?.NameServers ?? [],
    };
  } catch (error) {
    if (isCloudError(error, "NoSuchHostedZone", "InvalidInput")) return undefined;
    throw error;
  }
}

/** Ids of the hosted zones of a name. */
export async function hostedZonesByName(aws: AwsAccount, name: string): Promise<string[]> {
  const { Route53Client, ListHostedZonesByNameCommand } = await import("@aws-sdk/client-route-53");
  const client = new Route53Client(aws.options());
  const answer = await aws.ask("route53:ListHostedZonesByName", () =>
    client.send(new ListHostedZonesByNameCommand({ DNSName: name }), aws.bound()),
  );
  return (answer.HostedZones ?? [])
    .filter((zone) => zone.Name === `${name}.` && zone.Config?.PrivateZone !== true)
    .map((zone) => (zone.Id ?? "").replace("/hostedzone/", ""));
}

/** Versions of PostgreSQL that RDS offers an instance class with, in a VPC; none when it does not. */
export async function orderableVersions(aws: AwsAccount, instanceClass: string): Promise<string[]> {
  const { RDSClient, paginateDescribeOrderableDBInstanceOptions } =
    await import("@aws-sdk/client-rds");
  const client = new RDSClient(aws.options());
  const input = { Engine: "postgres", DBInstanceClass: instanceClass, Vpc: true };
  return aws.ask("rds:DescribeOrderableDBInstanceOptions", async () => {
    const versions = new Set<string>();
    const pages = paginateDescribeOrderableDBInstanceOptions({ client }, input, aws.bound());
    for await (const page of pages) {
      for (const { EngineVersion } of page.OrderableDBInstanceOptions ?? []) {
        if (EngineVersion !== undefined) versions.add(EngineVersion);
      }
    }
    return [...versions];
  });
}

/** Versions of PostgreSQL of one major number that RDS has in the region. */
export async function engineVersions(aws: AwsAccount, major: string): Promise<string[]> {
  const { RDSClient, DescribeDBEngineVersionsCommand } = await import("@aws-sdk/client-rds");
  const client = new RDSClient(aws.options());
  const input = { Engine: "postgres", EngineVersion: major };
  try {
    const answer = await aws.ask("rds:DescribeDBEngineVersions", () =>
      client.send(new DescribeDBEngineVersionsCommand(input), aws.bound()),
    );
    return (answer.DBEngineVersions ?? []).map(({ EngineVersion }) => EngineVersion ?? "");
  } catch (error) {
    if (isCloudError(error, "InvalidParameterValue", "InvalidParameterCombination")) return [];
    throw error;
  }
}

/** Identifiers of every RDS instance of the region. */
export async function databaseIdentifiers(aws: AwsAccount): Promise<string[]> {
  const { RDSClient, paginateDescribeDBInstances } = await import("@aws-sdk/client-rds");
  const client = new RDSClient(aws.options());
  return aws.ask("rds:DescribeDBInstances", async () => {
    const names: string[] = [];
    for await (const page of paginateDescribeDBInstances({ client }, {}, aws.bound())) {
      names.push(...(page.DBInstances ?? []).map((one) => one.DBInstanceIdentifier ?? ""));
    }
    return names;
  });
}
