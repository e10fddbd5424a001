import * as ec2 from "@pulumi/aws/ec2";
import type { Provider } from "@pulumi/aws/provider";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";

const NETWORK = "10.42.0.0/16";
const POSTGRES_PORT = 5432;

/** Arguments of {@link Ec2Network}. */
export interface Ec2NetworkArgs {
  /** Name of what the account holds, e.g. `battery-hub-staging`. */
  readonly serverName: string;
  readonly region: string;
  /** Networks that may reach SSH. A change is made in place. */
  readonly sshCidrs: readonly string[];
  readonly provider: Provider;
}

/**
 * A network with subnets in two zones and two security groups: the server's, open for HTTP, HTTPS and, to declared
 * networks, SSH; and the database's, open to the server alone.
 */
export class Ec2Network extends pulumi.ComponentResource {
  /** Subnets in two zones; the server is in the first. */
  public readonly subnets: readonly ec2.Subnet[];
  /** Zone of the server and its volume. */
  public readonly zone: string;
  public readonly serverGroup: ec2.SecurityGroup;
  public readonly databaseGroup: ec2.SecurityGroup;
  /** What makes the network whole; a server needs it to reach the package archives at its first boot. */
  public readonly steps: readonly pulumi.Resource[];

  constructor(
    private readonly name: string,
    args: Ec2NetworkArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("berth:index:Ec2Network", name, {}, opts);
    const { serverName, provider } = args;
    const options = { parent: this, provider };
    const tags = { Name: serverName };
    const network = new ec2.Vpc(
      `${name}-vpc`,
      { cidrBlock: NETWORK, enableDnsHostnames: true, tags },
      options,
    );
    const zones = ["a", "b"].map((letter) => `${args.region}${letter}`);
    this.zone = zones[0] ?? "";
    this.subnets = zones.map(
      (zone, index) =>
        new ec2.Subnet(
          `${name}-subnet-${index}`,
          {
            vpcId: network.id,
            availabilityZone: zone,
            cidrBlock: `10.42.${index}.0/24`,
            tags: { Name: `${serverName}-${zone}` },
          },
          options,
        ),
    );
    const routes = this.makeRoutes(network, tags, options);

    this.serverGroup = new ec2.SecurityGroup(
      `${name}-server-group`,
      {
        name: `${serverName}-server`,
        description: "berth server",
        vpcId: network.id,
        tags: { Name: `${serverName}-server` },
      },
      options,
    );
    this.databaseGroup = new ec2.SecurityGroup(
      `${name}-database-group`,
      {
        name: `${serverName}-database`,
        description: "berth database",
        vpcId: network.id,
        tags: { Name: `${serverName}-database` },
      },
      options,
    );
    const rules = this.makeRules(args.sshCidrs, options);
    this.steps = [...routes, ...rules];
    this.registerOutputs({});
  }

  private makeRoutes(
    network: ec2.Vpc,
    tags: Record<string, string>,
    options: pulumi.CustomResourceOptions,
  ): pulumi.Resource[] {
    const gateway = new ec2.InternetGateway(
      `${this.name}-gateway`,
      { vpcId: network.id, tags },
      options,
    );
    const table = new ec2.RouteTable(`${this.name}-routes`, { vpcId: network.id, tags }, options);
    const route = new ec2.Route(
      `${this.name}-route`,
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      options,
    );
    const associations = this.subnets.map(
      (subnet, index) =>
        new ec2.RouteTableAssociation(
          `${this.name}-route-association-${index}`,
          { routeTableId: table.id, subnetId: subnet.id },
          options,
        ),
    );
    return [route, ...associations];
  }

  private makeRules(
    sshCidrs: readonly string[],
    options: pulumi.CustomResourceOptions,
  ): pulumi.Resource[] {
    const open = (rule: string, description: string, args: object) =>
      new vpc.SecurityGroupIngressRule(
        `${this.name}-${rule}`,
        { securityGroupId: this.serverGroup.id, description, ipProtocol: "tcp", ...args },
        options,
      );
    const from = (cidr: string) => (cidr.includes(":") ? { cidrIpv6: cidr } : { cidrIpv4: cidr });
    const everyone = [
      ["v4", "0.0.0.0/0"],
      ["v6", "::/0"],
    ] as const;
    return [
      ...sshCidrs.map((cidr) =>
        open(`ssh-${cidr}`, "SSH of an operator", { fromPort: 22, toPort: 22, ...from(cidr) }),
      ),
      ...everyone.flatMap(([version, cidr]) => [
        open(`http-${version}`, "HTTP", { fromPort: 80, toPort: 80, ...from(cidr) }),
        open(`https-${version}`, "HTTPS", { fromPort: 443, toPort: 443, ...from(cidr) }),
        open(`icmp-${version}`, "ICMP", {
          ipProtocol: version === "v4" ? "icmp" : "icmpv6",
          fromPort: -1,
          toPort: -1,
          ...from(cidr),
        }),
        new vpc.SecurityGroupEgressRule(
          `${this.name}-out-${version}`,
          { securityGroupId: this.serverGroup.id, ipProtocol: "-1", ...from(cidr) },
          options,
        ),
      ]),
      new vpc.SecurityGroupIngressRule(
        `${this.name}-database`,
        {
          securityGroupId: this.databaseGroup.id,
          description: "PostgreSQL from the server",
          ipProtocol: "tcp",
          fromPort: POSTGRES_PORT,
          toPort: POSTGRES_PORT,
          referencedSecurityGroupId: this.serverGroup.id,
        },
        options,
      ),
    ];
  }
}
