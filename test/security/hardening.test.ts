import { after, before, describe } from "node:test";
import { testContainers } from "./containers";
import { HardenedStack } from "./hardened-stack";
import { testHost } from "./host";
import { testSsh } from "./ssh";
import { testTls } from "./tls";

// One running stack for all that is looked at.
const stack = new HardenedStack("test-harden");

before(() => stack.create(), { timeout: 1_200_000 });

after(async () => {
  await stack.remove();
  stack.project.dispose();
});

describe("TLS", () => testTls(stack));
describe("SSH", () => testSsh(stack));
describe("containers", () => testContainers(stack));
describe("host", () => testHost(stack));
