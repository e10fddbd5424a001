import { after, before } from "node:test";
import { commands } from "./lifecycle/commands";
import { failures } from "./lifecycle/failures";
import { firstUp } from "./lifecycle/first-up";
import { releases } from "./lifecycle/releases";
import { restarts } from "./lifecycle/restarts";
import { RunningStack } from "./lifecycle/running-stack";

const stack = new RunningStack("e2e");

before(() => stack.project.removeLeftServer());

after(async () => {
  await stack.project.pulumi("destroy", "--yes", "--skip-preview");
  stack.project.dispose();
});

firstUp(stack);
commands(stack);
failures(stack);
releases(stack);
restarts(stack);
