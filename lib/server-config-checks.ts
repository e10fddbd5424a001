import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { CHECK_NAMES } from "../preflight/check-names";
import { checkWhole } from "./config-checks";
import type { ConfigValues } from "./config-values";
import { domainFault } from "./domain-checks";
import { checkExisting, checkExistingKeys } from "./existing-server-checks";
import { allowedNames, type Finding } from "./finding";
import type { PlainServerSettings } from "./server-config";

const PUBLIC_KEY_LINE =
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-[a-z0-9@.-]+) [A-Za-z0-9+/]+=*( .*)?$/;

/** Forms of what a cloud names; whether the cloud has it is asked by pre-flight. */
interface CloudForms {
  readonly region: readonly [form: RegExp, example: string];
  readonly size: readonly [form: RegExp, example: string];
  readonly image: readonly [form: RegExp, example: string];
  readonly zone: readonly [fits: (value: string) => boolean, example: string];
}

const DROPLET: CloudForms = {
  region: [/^[a-z]{3}[0-9]$/, "fra1"],
  size: [/^[a-z][a-z0-9_.-]*$/, "s-2vcpu-4gb"],
  image: [/^[a-z0-9][a-z0-9.-]*$/, "debian-13-x64"],
  zone: [(value) => domainFault(value) === undefined, "the domain example.org"],
};
const EC2: CloudForms = {
  region: [/^[a-z]{2}(-[a-z]+)+-[0-9]$/, "eu-central-1"],
  size: [/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "t3.medium"],
  image: [/^ami-[0-9a-f]{8,17}$/, "ami-0123456789abcdef0, a Debian 13 AMI of the region"],
  zone: [
    (value) => /^Z[A-Z0-9]{1,31}$/.test(value),
    "Z0123456789ABCDEFGHIJ, the id of a Route 53 zone",
  ],
};

/** Finds what the server and the managed database of a target can't be made from. */
export function checkServerSettings(
  values: ConfigValues,
  settings: PlainServerSettings,
  target: string,
): Finding[] {
  const { cloud, managedDatabase } = settings;
  return [
    ...(target === "droplet" ? checkCloud(settings, target, DROPLET) : []),
    ...(target === "ec2" ? checkCloud(settings, target, EC2) : []),
    ...checkWhole("volumeSizeGb", cloud.volumeSizeGb, 10, 16384),
    ...checkCidrs(cloud.sshCidrs),
    ...checkOperatorKeys(settings.operatorKeys),
    ...checkWhole("serverGeneration", cloud.generation, 1, 1_000_000),
    ...checkSkipped(settings.skipPreflight),
    ...(target === "ec2" ? checkManagedDatabase(values) : []),
    ...checkWhole("databaseStorageGb", managedDatabase.storageGb, 20, 65536),
    ...checkWhole("databaseBackupDays", managedDatabase.backupDays, 7, 35),
    ...checkExistingKeys(values.map("existingServer")),
    ...(target === "existing" ? checkExisting(values, settings) : []),
  ];
}

function checkCloud(settings: PlainServerSettings, target: string, forms: CloudForms): Finding[] {
  const { cloud, operatorKeys } = settings;
  const findings = (["region", "size", "image"] as const).flatMap((key): Finding[] => {
    const [form, example] = forms[key];
    const value = cloud[key];
    if (form.test(value)) return [];
    return value === ""
      ? [{ key, problem: `must be set for target ${target}`, next: `e.g. ${example}` }]
      : [
          {
            key,
            value,
            problem: `is no ${key} of ${target}`,
            next: `allowed is a form such as ${example}`,
          },
        ];
  });
  const [fits, zoneExample] = forms.zone;
  if (cloud.zone !== "" && !fits(cloud.zone)) {
    const next = `allowed is a form such as ${zoneExample}, or "" to make the records yourself`;
    findings.push({ key: "zone", value: cloud.zone, problem: `is no zone of ${target}`, next });
  }
  if (cloud.sshCidrs.length === 0) {
    const next = "name the networks that may reach SSH, e.g. your own address as 198.51.100.7/32";
    findings.push({ key: "sshCidrs", problem: "is empty", next });
  }
  if (operatorKeys.length === 0) {
    const next = "name at least one public SSH key of a person";
    findings.push({ key: "operatorKeys", problem: "is empty", next });
  }
  return findings;
}

function checkCidrs(cidrs: readonly unknown[]): Finding[] {
  return cidrs.flatMap((value, index) => {
    if (typeof value !== "string") return [];
    const key = `sshCidrs[${index}]`;
    const first = cidrs.indexOf(value);
    if (first < index) {
      return [{ key, value, problem: `is sshCidrs[${first}] again`, next: "name it once" }];
    }
    return checkCidr(key, value);
  });
}

function checkCidr(key: string, value: string): Finding[] {
  const [address = "", prefix = "", ...rest] = value.split("/");
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  const isNetwork = rest.length === 0 && /^[0-9]{1,3}$/.test(prefix) && Number(prefix) <= most;
  if (version === 0 || !isNetwork) {
    const next =
      version !== 0 && !value.includes("/")
        ? `write ${value}/${most} for that address alone`
        : "allowed is a form such as 198.51.100.0/24 or 2001:db8::/48";
    return [{ key, value, problem: "is no network", next }];
  }
  if (Number(prefix) === 0) {
    return [{ key, value, problem: "opens SSH to everyone", next: "name a smaller network" }];
  }
  const network = (
    version === 4
      ? ipaddr.IPv4.networkAddressFromCIDR(value)
      : ipaddr.IPv6.networkAddressFromCIDR(value)
  ).toString();
  return network === ipaddr.parse(address).toString()
    ? []
    : [
        {
          key,
          value,
          problem: "is not the start of its network",
          next: `write ${network}/${prefix}, or ${address}/${most} for that address alone`,
        },
      ];
}

function checkOperatorKeys(keys: readonly unknown[]): Finding[] {
  return keys.flatMap((value, index) =>
    typeof value !== "string" || PUBLIC_KEY_LINE.test(value)
      ? []
      : [
          {
            key: `operatorKeys[${index}]`,
            problem: value.includes("PRIVATE KEY")
              ? "is a private SSH key, which belongs in no stack's file"
              : "is no public SSH key",
            next: "allowed is one line such as the content of ~/.ssh/id_ed25519.pub",
          },
        ],
  );
}

function checkSkipped(names: readonly unknown[]): Finding[] {
  return names.flatMap((value, index) =>
    typeof value !== "string" || CHECK_NAMES.includes(value)
      ? []
      : [
          {
            key: `skipPreflight[${index}]`,
            value,
            problem: "is no check of pre-flight",
            next: allowedNames(value, CHECK_NAMES),
          },
        ],
  );
}

function checkManagedDatabase(values: ConfigValues): Finding[] {
  const size = values.text("databaseSize");
  const findings: Finding[] = [];
  if (!/^db\.[a-z0-9]+\.[a-z0-9]+$/.test(size)) {
    const problem = size === "" ? "must be set for target ec2" : "is no class of RDS";
    const next = "allowed is a form such as db.t4g.small";
    findings.push({ key: "databaseSize", value: size, problem, next });
  }
  if (values.text("databaseAuthority") === "") {
    findings.push({
      key: "databaseAuthority",
      problem: "must be set for target ec2",
      next: "name the PEM file of Amazon's authorities for the region, from https://truststore.pki.rds.amazonaws.com",
    });
  }
  return findings;
}
