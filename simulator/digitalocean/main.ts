import { serveCloud } from "../core/plugin";
import { volume, volumeAttachment } from "./block-storage";
import { digitalocean, useSettings } from "./cloud";
import { dnsRecord, domain } from "./dns";
import { droplet } from "./droplet";
import { firewall } from "./firewall";
import { project } from "./project";
import { reservedIp, reservedIpAssignment } from "./reserved-ip";
import table from "./schema.json";
import { sshKey } from "./ssh-key";
import { tag } from "./tag";
import { uptimeCheck } from "./uptime-check";
import { vpc } from "./vpc";

serveCloud(
  table,
  digitalocean,
  {
    "digitalocean:index/sshKey:SshKey": sshKey,
    "digitalocean:index/vpc:Vpc": vpc,
    "digitalocean:index/firewall:Firewall": firewall,
    "digitalocean:index/tag:Tag": tag,
    "digitalocean:index/droplet:Droplet": droplet,
    "digitalocean:index/volume:Volume": volume,
    "digitalocean:index/volumeAttachment:VolumeAttachment": volumeAttachment,
    "digitalocean:index/reservedIp:ReservedIp": reservedIp,
    "digitalocean:index/reservedIpAssignment:ReservedIpAssignment": reservedIpAssignment,
    "digitalocean:index/domain:Domain": domain,
    "digitalocean:index/dnsRecord:DnsRecord": dnsRecord,
    "digitalocean:index/project:Project": project,
    "digitalocean:index/uptimeCheck:UptimeCheck": uptimeCheck,
  },
  useSettings,
);
