import assert from "node:assert/strict";
import { test } from "node:test";
import { instanceMetadata } from "../../policy/rules/instance-metadata";
import { openSsh } from "../../policy/rules/open-ssh";
import { requiredTags } from "../../policy/rules/required-tags";
import { findings, UNKNOWN, type Seen } from "./inspect";

const FIREWALL = "digitalocean:index/firewall:Firewall";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";

const inbound = (
  protocol: string,
  portRange: string | undefined,
  ...sourceAddresses: string[]
) => ({
  type: FIREWALL,
  props: { inboundRules: [{ protocol, portRange, sourceAddresses }] },
});
const ingress = (props: Record<string, unknown>) => ({ type: INGRESS, props });

const refused: [title: string, seen: Seen, network: string][] = [
  ["22 from everywhere", inbound("tcp", "22", "0.0.0.0/0"), "0.0.0.0/0"],
  ["22 from everywhere by IPv6", inbound("tcp", "22", "192.0.2.1/32", "::/0"), "::/0"],
  ["everywhere spelt out", inbound("tcp", "22", "0:0:0:0:0:0:0:0/0"), "0:0:0:0:0:0:0:0/0"],
  ["half of everywhere", inbound("tcp", "22", "128.0.0.0/1"), "128.0.0.0/1"],
  ["a range around 22", inbound("tcp", "20-25", "0.0.0.0/0"), "0.0.0.0/0"],
  ["all ports", inbound("tcp", "all", "0.0.0.0/0"), "0.0.0.0/0"],
  ["all ports as 0", inbound("tcp", "0", "0.0.0.0/0"), "0.0.0.0/0"],
  ["no port named", inbound("tcp", undefined, "0.0.0.0/0"), "0.0.0.0/0"],
  [
    "AWS, 22",
    ingress({ ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/0" }),
    "0.0.0.0/0",
  ],
  [
    "AWS, a range",
    ingress({ ipProtocol: "6", fromPort: 0, toPort: 1024, cidrIpv6: "::/0" }),
    "::/0",
  ],
  ["AWS, every protocol", ingress({ ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" }), "0.0.0.0/0"],
  [
    "AWS, inside its group",
    {
      type: GROUP,
      props: { ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, ipv6CidrBlocks: ["::/0"] }] },
    },
    "::/0",
  ],
  [
    "AWS, an older rule",
    {
      type: GROUP_RULE,
      props: {
        type: "ingress",
        protocol: "all",
        fromPort: 0,
        toPort: 0,
        cidrBlocks: ["0.0.0.0/0"],
      },
    },
    "0.0.0.0/0",
  ],
];
for (const [title, seen, network] of refused) {
  test(`open-ssh: ${title} is refused`, async () => {
    assert.deepEqual(await findings(openSsh, seen), [
      `it lets ${network} reach port 22; name the networks that operators come from in sshCidrs.`,
    ]);
  });
}

const allowed: [title: string, seen: Seen][] = [
  ["22 from the operators", inbound("tcp", "22", "198.51.100.0/24", "2001:db8::/32")],
  ["80 and 443 from everywhere", inbound("tcp", "80-443", "0.0.0.0/0", "::/0")],
  ["ICMP from everywhere", inbound("icmp", undefined, "0.0.0.0/0")],
  ["UDP 22 from everywhere", inbound("udp", "22", "0.0.0.0/0")],
  ["no rules", { type: FIREWALL, props: {} }],
  ["AWS, 443", ingress({ ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" })],
  ["AWS, from a group", ingress({ ipProtocol: "-1", referencedSecurityGroupId: UNKNOWN })],
  [
    "AWS, outwards",
    { type: GROUP_RULE, props: { type: "egress", protocol: "-1", cidrBlocks: ["0.0.0.0/0"] } },
  ],
];
for (const [title, seen] of allowed) {
  test(`open-ssh: ${title} is allowed`, async () => {
    assert.deepEqual(await findings(openSsh, seen), []);
  });
}

test("instance-metadata: a token is required and one hop is enough", async () => {
  const type = "aws:ec2/instance:Instance";
  const options = (metadataOptions: object) =>
    findings(instanceMetadata, { type, props: { metadataOptions } });
  assert.deepEqual(await options({ httpTokens: "required", httpPutResponseHopLimit: 1 }), []);
  assert.match(
    (await options({ httpTokens: "optional", httpPutResponseHopLimit: 1 })).join(),
    /without a token/,
  );
  assert.match(
    (await options({ httpTokens: "required", httpPutResponseHopLimit: 2 })).join(),
    /2 hops far/,
  );
  assert.equal((await findings(instanceMetadata, { type })).length, 2);
});

test("required-tags: DigitalOcean has the stack's and the server's word", async () => {
  const type = "digitalocean:index/droplet:Droplet";
  const tags = (...given: string[]) => findings(requiredTags, { type, props: { tags: given } });
  assert.deepEqual(await tags("berth-unit", "berth-shop-unit", "more"), []);
  assert.match((await tags("berth-unit")).join(), /berth-<application>-unit; it has berth-unit\./);
  assert.match((await tags("berth-prod", "berth-shop-prod")).join(), /lacks the tags berth-unit/);
  assert.match((await findings(requiredTags, { type })).join(), /it has none/);
  assert.deepEqual(await tags(UNKNOWN, "berth-unit"), []);
});

test("required-tags: AWS has stack and application, on the resource or by its provider", async () => {
  const type = "aws:ec2/vpc:Vpc";
  const both = { "berth:stack": "unit", "berth:app": "shop" };
  assert.deepEqual(await findings(requiredTags, { type, props: { tags: both } }), []);
  assert.deepEqual(await findings(requiredTags, { type, props: { tagsAll: both } }), []);
  const provider = { defaultTags: JSON.stringify({ tags: both }) };
  assert.deepEqual(await findings(requiredTags, { type, provider }), []);
  const tags = { "berth:stack": "prod" };
  assert.deepEqual(await findings(requiredTags, { type, props: { tags } }), [
    "it lacks the tag berth:app; give it to the provider as one of its defaultTags.",
    "it has the tag berth:stack prod; it belongs to unit.",
  ]);
});
