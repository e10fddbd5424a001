import { randomUUID } from "node:crypto";
import { instances } from "../../aws/kinds";
import { number, text } from "../../aws/values";
import type { ApiAnswer } from "../http";
import { listOf, type Asked } from "./asked";
import { describeImages, describeInstanceTypes, describeRegions } from "./ec2-catalogue";
import { passesFilters } from "./ec2-filters";
import { authorizeIngress, revokeIngress } from "./ec2-rules";
import { LISTINGS, tagsOf, type Thing } from "./ec2-things";
import { invalidAction, Refused } from "./refused";
import { xml, type XmlObject } from "./xml";

const NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";
const STATES: Readonly<Record<string, number>> = { pending: 0, running: 16, stopped: 80 };

const ACTIONS: Readonly<Record<string, (asked: Asked) => XmlObject | Promise<XmlObject>>> = {
  DescribeRegions: describeRegions,
  DescribeInstanceTypes: describeInstanceTypes,
  DescribeImages: describeImages,
  DescribeInstances: describeInstances,
  AuthorizeSecurityGroupIngress: authorizeIngress,
  RevokeSecurityGroupIngress: revokeIngress,
};

/** Answers as EC2, with lists of one page. */
export async function answerEc2(asked: Asked): Promise<ApiAnswer> {
  const action = asked.params.get("Action") ?? "";
  const result = await (LISTINGS[action] === undefined
    ? (ACTIONS[action]?.(asked) ?? fail(action))
    : list(asked, action));
  const body = xml(`${action}Response`, { requestId: randomUUID(), ...result }, NAMESPACE);
  return { status: 200, type: "text/xml", body };
}

/** EC2 has a form of its own for errors. */
export function refuseEc2(error: Refused): ApiAnswer {
  const body = xml("Response", {
    Errors: { Error: { Code: error.code, Message: error.message } },
    RequestID: randomUUID(),
  });
  return { status: error.status, type: "text/xml", body };
}

function list(asked: Asked, action: string): XmlObject {
  const listing = LISTINGS[action];
  if (listing === undefined) return fail(action);
  const [parameter, code] = listing.ids;
  const things = listing.things(asked);
  const wanted = listOf(asked.params, parameter);
  for (const id of wanted) {
    if (!things.some((each) => each.id === id)) {
      throw new Refused(400, code, `The ID '${id}' does not exist`);
    }
  }
  const item = things
    .filter(({ id }) => wanted.length === 0 || wanted.includes(id))
    .filter((each) => passes(asked, each, listing.filters))
    .map(({ elements, tags }) => ({ ...elements, tagSet: tagSet(tags) }));
  return { [listing.set]: { item } };
}

function passes({ params }: Asked, { traits, tags }: Thing, filters: readonly string[]): boolean {
  const tagged = Object.entries(tags).map(([key, value]) => [`tag:${key}`, value] as const);
  return passesFilters(params, { ...traits, ...Object.fromEntries(tagged) }, filters);
}

function describeInstances(asked: Asked): XmlObject {
  const { state, account } = asked;
  const item = state.list(instances).flatMap(({ id, state: running, outputs }) => {
    const tags = tagsOf(outputs);
    const thing = { id, tags, elements: {}, traits: { "instance-state-name": running } };
    if (!passes(asked, thing, ["instance-state-name"])) return [];
    const type = text(outputs["instanceType"]);
    const processors = account.instanceTypes.find((each) => each.type === type)?.vcpus ?? 2;
    const instance = {
      instanceId: id,
      imageId: text(outputs["ami"]),
      instanceState: { code: STATES[running], name: running },
      instanceType: type,
      keyName: text(outputs["keyName"]),
      ipAddress: text(outputs["publicIp"]),
      privateIpAddress: text(outputs["privateIp"]),
      vpcId: text(outputs["vpcId"]) || undefined,
      cpuOptions: {
        coreCount: number(outputs["cpuCoreCount"]) ?? Math.max(1, processors / 2),
        threadsPerCore: processors > 1 ? 2 : 1,
      },
      tagSet: tagSet(tags),
    };
    return [{ reservationId: `r-${id.slice(2)}`, instancesSet: { item: [instance] } }];
  });
  return { reservationSet: { item } };
}

function tagSet(tags: Readonly<Record<string, string>>): XmlObject {
  return { item: Object.entries(tags).map(([key, value]) => ({ key, value })) };
}

function fail(action: string): never {
  throw invalidAction(action);
}
