import type { EventResource } from "./events";
import { nameOf } from "./events";

/** A part of the way that a person is shown as one line; the order is that of `index.ts`. */
export interface Stage {
  readonly key: string;
  readonly title: string;
  /** What a failure in it leaves as it was. */
  readonly kept: string;
}

const SERVES = "a release that served before goes on serving";

/** All stages, in the order in which `make up` comes to them. */
export const STAGES: readonly Stage[] = [
  { key: "build", title: "build", kept: "stack and server: the build is on this machine only" },
  { key: "refresh", title: "look around", kept: "everything: it was only looked at" },
  { key: "preflight", title: "pre-flight", kept: "the account: nothing was made in it" },
  { key: "secrets", title: "secrets", kept: "every secret that was there" },
  { key: "server", title: "server", kept: `what was made stays; ${SERVES}` },
  { key: "host", title: "host scripts", kept: SERVES },
  { key: "images", title: "images", kept: SERVES },
  { key: "database", title: "database", kept: `the data; ${SERVES}` },
  { key: "data", title: "data services", kept: `the data; ${SERVES}` },
  { key: "migrate", title: "migrate", kept: `nothing was switched: ${SERVES}` },
  {
    key: "release",
    title: "release",
    kept: "the data; the release before serves again, if there was one",
  },
  {
    key: "address",
    title: "address, DNS",
    kept: "the release runs on its server; names lead where they led",
  },
  {
    key: "certificate",
    title: "certificate",
    kept: "the release runs; a certificate that it had stays in force",
  },
  { key: "checks", title: "checks", kept: "the release serves; nothing was taken back" },
  { key: "removal", title: "clean-up", kept: "what runs now; only what it replaces is left over" },
];

/** The stage of a key. */
export function stage(key: string): Stage {
  const found = STAGES.find((one) => one.key === key);
  if (found === undefined) throw new Error(`there is no stage ${key}`);
  return found;
}

const ADDRESS = /^server-(address-(assignment|association|record|uptime)|record-)/;
const REMOVALS = ["delete", "delete-replaced", "discard", "discard-replaced"];

/** Stage of a resource, by the name that the program gives it; undefined where it belongs to none. */
export function stageOf(resource: EventResource, removing: boolean): Stage | undefined {
  if (resource.op === "refresh" || resource.op === "read") return stage("refresh");
  if (!removing && REMOVALS.includes(resource.op)) return stage("removal");
  const name = nameOf(resource.urn);
  if (ADDRESS.test(name)) return stage("address");
  const [first = ""] = name.split("-");
  return STAGES.find(({ key }) => key === first);
}

/**
 * Whether a stage is over once a resource of another begins. A managed database is made beside the server, so its
 * begin says nothing; a step on the server waits for all that comes before it.
 */
export function isOver(open: Stage, next: Stage, began: EventResource, removing: boolean): boolean {
  if (open.key === next.key) return false;
  if (open.key === "refresh" || open.key === "secrets") return true;
  const isLater = STAGES.indexOf(next) > STAGES.indexOf(open);
  if (removing) return !isLater;
  return isLater && (next.key !== "database" || began.type === "command:remote:Command");
}

const WAITED_FOR: readonly [RegExp, string][] = [
  [/^server-authority$/, "starting the test certificate authority"],
  [/^server-machine$/, "making the server"],
  [/^server-(droplet|instance)-/, "making the server"],
  [/^server-host-key$/, "reading the server's host key"],
  [/^server-ready/, "waiting for the server's first boot"],
  [/^server-adopt$/, "logging in to the server"],
  [/^server-volume-attachment$/, "attaching the data volume"],
  [/^database-instance$/, "making the database, which takes minutes"],
  [/^host-install$/, "bringing the host scripts"],
  [/^images-push$/, "copying the images to the server"],
  [/^database-start$/, "starting the database"],
  [/^data-start$/, "starting the data services"],
  [/^migrate-run$/, "migrating"],
  [/^release-run$/, "starting the release"],
  [/^certificate-issue$/, "asking for the certificate"],
  [/^checks-run$/, "checking what runs"],
  [/^preflight-run$/, "looking at the account"],
];

/** What is waited for while a resource is worked on, in words, until it says more itself. */
export function waitedFor({ urn, op }: EventResource): string {
  const name = nameOf(urn);
  if (REMOVALS.includes(op)) return `removing ${name}`;
  if (op === "refresh" || op === "read") return name;
  return WAITED_FOR.find(([pattern]) => pattern.test(name))?.[1] ?? name;
}
