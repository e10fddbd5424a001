import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DATABASE, NETWORK, SERVER, whole } from "./aws-resources";
import { AwsStack } from "./aws-stack";

const BASE = [...NETWORK, ...SERVER, ...DATABASE];

let stack: AwsStack;

before(async () => {
  stack = await AwsStack.make();
  const { ok, printed } = await stack.up(BASE);
  assert.ok(ok, printed);
});
after(() => stack.remove());

// What the program lets go of without deleting it, what it then tries to delete, and the refusals. With less left
// in the cloud, the engine itself would not even try.
const IN_USE: readonly (readonly [left: string[], reasons: Readonly<Record<string, RegExp>>])[] = [
  [
    ["machine", "attachment", "address-association", "postgresql", "gateway"],
    {
      server: /DeleteSecurityGroup, .*DependencyViolation: resource sg-\w+ has a dependent object/,
      volume: /DeleteVolume, .*VolumeInUse: Volume vol-\w+ is currently attached to i-\w+/,
      address: /ReleaseAddress, .*InvalidIPAddress\.InUse: Address [\d.]+ is in use/,
      subnets: /InvalidDBSubnetGroupStateFault: Cannot delete the subnet group 'berth'/,
      parameters: /InvalidDBParameterGroupState: One or more database instances/,
    },
  ],
  [
    ["subnets"],
    { "subnet-a": /DeleteSubnet, .*DependencyViolation: The subnet 'subnet-\w+' has dependencies/ },
  ],
  [
    ["subnet-a", "subnet-b", "server", "database", "routes"],
    { network: /DeleteVpc, .*DependencyViolation: The vpc 'vpc-\w+' has dependencies/ },
  ],
];

test("what is in use is not deleted", async () => {
  let rest = BASE;
  for (const [left, reasons] of IN_USE) {
    rest = rest.map((one) =>
      left.includes(one.name) ? { ...one, options: { ...one.options, retainOnDelete: true } } : one,
    );
    const kept = await stack.up(rest);
    assert.ok(kept.ok, kept.printed);
    rest = whole(rest.filter(({ name }) => !left.includes(name)));
    const fewer = whole(rest.filter(({ name }) => reasons[name] === undefined));
    const { errorsOf, printed } = await stack.up(fewer, "--continue-on-error");
    for (const [name, reason] of Object.entries(reasons)) {
      assert.match(errorsOf(name), reason, printed);
    }
  }
});
