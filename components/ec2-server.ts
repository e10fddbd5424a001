import * as ebs from "@pulumi/aws/ebs";
import * as ec2 from "@pulumi/aws/ec2";
import { Provider } from "@pulumi/aws/provider";
import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import type { Connection, Server } from "../lib/remote-step";
import { makeCloudLogin } from "./cloud-login";
import { Ec2Network } from "./ec2-network";
import { HostReady } from "./host-ready";

const ROOT_DISK_GB = 20;
// Seconds; short, so that a move to another address is seen soon.
const TTL_SECONDS = 300;

/** Arguments of {@link Ec2Server}. */
export interface Ec2ServerArgs {
  readonly settings: Settings;
  /** What has to pass before anything is made in the account. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * An EC2 instance with an encrypted data volume and an Elastic IP. What would replace the instance is ignored; a
 * raised `serverGeneration` makes another one, to which volume and address move. An instance loses the address it
 * was started with once the Elastic IP is associated, so every step but the first uses the Elastic IP.
 */
export class Ec2Server extends pulumi.ComponentResource implements Server {
  public readonly connection: Connection;
  public readonly publicAddress: pulumi.Output<string>;
  public readonly dnsAddress: pulumi.Output<string>;
  public readonly dataPath = "/srv/berth";
  public readonly dataDevice: pulumi.Output<string>;
  public readonly attachment: ec2.VolumeAttachment;
  public readonly machine: ec2.Instance;
  public readonly steps: readonly pulumi.Resource[];
  public readonly authorizedKeys: pulumi.Output<string[]>;
  public readonly revision: pulumi.Output<string>;
  public readonly network: Ec2Network;
  public readonly provider: Provider;

  constructor(
    private readonly name: string,
    private readonly args: Ec2ServerArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("berth:index:Ec2Server", name, {}, opts);
    const { settings } = args;
    const { serverName, cloud } = settings;
    const { generation } = cloud;
    this.provider = new Provider(
      `${name}-cloud`,
      {
        region: cloud.region as never,
        defaultTags: {
          tags: {
            "berth:stack": settings.stack,
            "berth:app": settings.application.project.name,
          },
        },
      },
      { parent: this, dependsOn: [...args.after] },
    );
    const options = { parent: this, provider: this.provider };
    const tags = { Name: serverName };

    const login = makeCloudLogin(name, settings, this);
    const keyPair = new ec2.KeyPair(
      `${name}-key-pair`,
      { keyName: serverName, publicKey: login.publicKey },
      options,
    );
    this.network = new Ec2Network(
      `${name}-network`,
      {
        serverName,
        region: cloud.region,
        sshCidrs: cloud.sshCidrs,
        provider: this.provider,
      },
      { parent: this },
    );
    this.machine = new ec2.Instance(
      `${name}-instance-${generation}`,
      {
        ami: cloud.image,
        instanceType: cloud.size,
        subnetId: this.network.subnets[0]?.id,
        vpcSecurityGroupIds: [this.network.serverGroup.id],
        keyName: keyPair.keyName,
        associatePublicIpAddress: true,
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1,
        },
        rootBlockDevice: { encrypted: true, volumeType: "gp3", volumeSize: ROOT_DISK_GB },
        userData: login.userData,
        tags: { Name: `${serverName}-${generation}` },
      },
      {
        ...options,
        dependsOn: [...this.network.steps],
        // The address it is started with goes when the Elastic IP comes, which would read as a change.
        ignoreChanges: ["userData", "ami", "keyName", "associatePublicIpAddress"],
      },
    );
    const berth = { port: 22, user: "berth", privateKey: login.key.privateKeyOpenssh };
    const ready = new HostReady(
      `${name}-ready-${generation}`,
      {
        projectRoot: settings.projectRoot,
        connection: {
          ...berth,
          host: this.machine.publicIp,
          hostKey: login.firstHostKey,
        },
        machine: this.machine,
      },
      { parent: this },
    );

    const volume = new ebs.Volume(
      `${name}-volume`,
      {
        availabilityZone: this.network.zone,
        size: cloud.volumeSizeGb,
        type: "gp3",
        encrypted: true,
        tags,
      },
      { ...options, protect: cloud.protectData },
    );
    this.attachment = new ec2.VolumeAttachment(
      `${name}-volume-attachment`,
      { deviceName: "/dev/sdf", instanceId: this.machine.id, volumeId: volume.id },
      // A volume fits one instance: it has to leave the old one first, and no sooner than the new one is ready.
      { ...options, dependsOn: [ready.step], deleteBeforeReplace: true },
    );
    const address = new ec2.Eip(
      `${name}-address`,
      { domain: "vpc", tags },
      { ...options, protect: cloud.protectData },
    );
    const association = new ec2.EipAssociation(
      `${name}-address-association`,
      { allocationId: address.id, instanceId: this.machine.id, allowReassociation: true },
      { ...options, dependsOn: [this.attachment] },
    );

    this.publicAddress = address.publicIp;
    this.dnsAddress = address.publicIp;
    this.dataDevice = volume.id.apply(
      (id) => `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${id.replace("-", "")}`,
    );
    this.connection = { ...berth, host: address.publicIp, hostKey: ready.hostKey };
    this.steps = [ready.step, this.attachment, association];
    this.authorizedKeys = login.authorizedKeys;
    this.revision = pulumi.interpolate`${this.machine.id} ${this.machine.instanceType}`;
    this.registerOutputs({ publicAddress: this.publicAddress });
  }

  /** Makes the records, where a zone of Route 53 is given. */
  public publish(after: readonly pulumi.Resource[]): readonly pulumi.Resource[] {
    const { cloud, domains } = this.args.settings;
    return Object.entries(cloud.zone === "" ? {} : domains).map(
      ([key, domain]) =>
        new route53.Record(
          `${this.name}-record-${key}`,
          {
            zoneId: cloud.zone,
            name: domain,
            type: "A",
            ttl: TTL_SECONDS,
            records: [this.publicAddress],
          },
          { parent: this, provider: this.provider, dependsOn: [...after] },
        ),
    );
  }
}
