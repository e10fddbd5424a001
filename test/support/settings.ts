import { join } from "node:path";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../config";
import type { Server } from "../../lib/remote-step";
import { shopApplication, shopRelease } from "./application";

/** Settings of {@link shopApplication} as a stack would have them. */
export function shopSettings(changes: Partial<Settings> = {}): Settings {
  return {
    projectRoot: join(__dirname, "..", ".."),
    stack: "unit",
    target: "local",
    serverName: "shop-unit",
    application: shopApplication(),
    release: shopRelease(),
    domains: { main: "shop.example.org" },
    urls: { main: "https://shop.example.org" },
    email: "admin@example.org",
    publicPort: 443,
    acme: { server: "https://acme.example/dir", rootUrl: "" },
    secretVersions: {},
    suppliedSecrets: pulumi.secret<Record<string, string>>({}),
    local: { httpPort: 80, sshPort: 2222 },
    cloud: {
      region: "fra1",
      size: "s-2vcpu-4gb",
      image: "debian-13-x64",
      volumeSizeGb: 20,
      zone: "example.org",
      sshCidrs: ["198.51.100.7/32"],
      generation: 1,
      protectData: true,
    },
    managedDatabase: {
      size: "db.t4g.small",
      storageGb: 20,
      backupDays: 7,
      authority: "authority of the database",
    },
    existing: {
      address: "192.0.2.20",
      port: 22,
      user: "root",
      hostKey: "ssh-ed25519 AAAAexisting",
      adoptFrom: "",
      privateKey: pulumi.secret("operator-key-geheim"),
    },
    trustedCertificates: "",
    operatorKeys: ["ssh-ed25519 AAAAoperator"],
    skipPreflight: [],
    ...changes,
  };
}

/** Values of {@link shopApplication}'s secrets. */
export const SHOP_SECRETS = { adminPassword: "admin-geheim", webPassword: "web-geheim" };

/** The same as secret outputs. */
export function shopSecrets(): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    Object.entries(SHOP_SECRETS).map(([name, value]) => [name, pulumi.secret(value)]),
  );
}

/** A server that is there, for components that only send steps to it. */
export function someServer(): Server {
  return {
    connection: {
      host: "192.0.2.10",
      port: 22,
      user: "berth",
      privateKey: pulumi.secret("private-key-geheim"),
      hostKey: "ssh-ed25519 AAAAhost",
    },
    publicAddress: pulumi.output("192.0.2.10"),
    dnsAddress: pulumi.output(""),
    dataPath: "/srv/berth",
    dataDevice: pulumi.output(""),
    steps: [],
    authorizedKeys: pulumi.output(["ssh-ed25519 AAAAstack"]),
    revision: pulumi.output("1"),
    publish: () => [],
    machine: new command.local.Command("machine", { create: "true" }),
  };
}

/** Mocked outputs of the providers that the components use. */
export const PROVIDER_OUTPUTS = {
  "command:local:Command": (_: unknown, name: string) => ({
    stdout: `stdout of ${name}`,
    stderr: "",
  }),
  "command:remote:Command": (_: unknown, name: string) => ({
    stdout: `stdout of ${name}`,
    stderr: "",
  }),
  "random:index/randomPassword:RandomPassword": (_: unknown, name: string) => ({
    result: pulumi.secret(`value of ${name}`),
  }),
  "tls:index/privateKey:PrivateKey": () => ({
    privateKeyOpenssh: pulumi.secret("private-key-geheim"),
    publicKeyOpenssh: "ssh-ed25519 AAAApublic\n",
  }),
};

/** The same with those of the clouds. */
export const CLOUD_OUTPUTS = {
  ...PROVIDER_OUTPUTS,
  "pulumi:providers:digitalocean": () => ({}),
  "digitalocean:index/tag:Tag": () => ({}),
  "digitalocean:index/sshKey:SshKey": () => ({}),
  "digitalocean:index/vpc:Vpc": () => ({}),
  "digitalocean:index/firewall:Firewall": () => ({}),
  "digitalocean:index/droplet:Droplet": () => ({
    ipv4Address: "192.0.2.30",
    dropletUrn: "do:droplet:4711",
  }),
  "digitalocean:index/volume:Volume": () => ({ volumeUrn: "do:volume:v" }),
  "digitalocean:index/volumeAttachment:VolumeAttachment": () => ({}),
  "digitalocean:index/reservedIp:ReservedIp": () => ({ ipAddress: "192.0.2.40" }),
  "digitalocean:index/reservedIpAssignment:ReservedIpAssignment": () => ({}),
  "digitalocean:index/project:Project": () => ({}),
  "digitalocean:index/dnsRecord:DnsRecord": () => ({}),
  "digitalocean:index/uptimeCheck:UptimeCheck": () => ({}),
  "pulumi:providers:aws": () => ({}),
  "aws:ec2/vpc:Vpc": () => ({}),
  "aws:ec2/subnet:Subnet": () => ({}),
  "aws:ec2/internetGateway:InternetGateway": () => ({}),
  "aws:ec2/routeTable:RouteTable": () => ({}),
  "aws:ec2/route:Route": () => ({}),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": () => ({}),
  "aws:ec2/securityGroup:SecurityGroup": () => ({}),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": () => ({}),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": () => ({}),
  "aws:ec2/keyPair:KeyPair": () => ({}),
  "aws:ec2/instance:Instance": () => ({ publicIp: "192.0.2.31" }),
  "aws:ebs/volume:Volume": () => ({}),
  "aws:ec2/volumeAttachment:VolumeAttachment": () => ({}),
  "aws:ec2/eip:Eip": () => ({ publicIp: "192.0.2.41" }),
  "aws:ec2/eipAssociation:EipAssociation": () => ({}),
  "aws:rds/subnetGroup:SubnetGroup": () => ({}),
  "aws:rds/parameterGroup:ParameterGroup": () => ({}),
  "aws:rds/instance:Instance": () => ({ address: "shop-unit.rds.example", port: 5432 }),
  "aws:route53/record:Record": () => ({}),
  "random:index/randomId:RandomId": () => ({ hex: "0123abcd" }),
};
