import { records } from "../../aws/kinds";
import { number, text, texts } from "../../aws/values";
import type { State } from "../../core/state";
import type { ApiAnswer } from "../http";
import type { Asked, AwsHolder } from "./asked";
import { Refused } from "./refused";
import { xml, type XmlObject } from "./xml";

const NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/";
const NAME_SERVERS = ["ns-1.awsdns-01.org", "ns-2.awsdns-02.co.uk"];

/** Answers as Route 53 about hosted zones and their records. */
export function answerRoute53({ account, request, state }: Asked): ApiAnswer {
  if (request.method === "GET" && request.path === "/2013-04-01/hostedzonesbyname") {
    return listByName(account, request.query.get("dnsname") ?? "");
  }
  const [, id, part] = /^\/2013-04-01\/hostedzone\/([^/]+)(\/rrset)?$/.exec(request.path) ?? [];
  if (request.method !== "GET" || id === undefined) {
    throw new Refused(404, "UnknownOperationException", "");
  }
  const zone = account.zones.find((each) => each.id === id);
  if (zone === undefined) {
    throw new Refused(404, "NoSuchHostedZone", `No hosted zone found with ID: ${id}`);
  }
  if (part !== undefined) return listRecords(state, id, request.query);
  const servers = { NameServers: { NameServer: NAME_SERVERS } };
  return answer("GetHostedZoneResponse", {
    HostedZone: describe(account, zone),
    ...(isPrivate(account, zone) ? {} : { DelegationSet: servers }),
  });
}

type Zone = AwsHolder["zones"][number];

function isPrivate({ privateZones }: AwsHolder, { id }: Zone): boolean {
  return privateZones?.includes(id) === true;
}

function listByName(account: AwsHolder, name: string): ApiAnswer {
  const wanted = name.replace(/\.$/, "");
  const found = account.zones.filter((zone) => reversed(zone.name) >= reversed(wanted));
  return answer("ListHostedZonesByNameResponse", {
    HostedZones: { HostedZone: found.map((zone) => describe(account, zone)) },
    DNSName: `${wanted}.`,
    IsTruncated: false,
    MaxItems: 100,
  });
}

/** Records from a name and type on, in the order of their names; the answer is one page. */
function listRecords(state: State, zoneId: string, query: URLSearchParams): ApiAnswer {
  const place = (name: string, type: string) => `${reversed(name.replace(/\.$/, ""))} ${type}`;
  const start = place(query.get("name") ?? "", query.get("type") ?? "");
  const sets = state
    .list(records)
    .filter(({ outputs }) => outputs["zoneId"] === zoneId)
    .map(({ outputs }) => ({
      place: place(text(outputs["fqdn"]), text(outputs["type"])),
      Name: `${text(outputs["fqdn"])}.`,
      Type: text(outputs["type"]),
      TTL: number(outputs["ttl"]),
      ResourceRecords: {
        ResourceRecord: texts(outputs["records"]).map((Value) => ({ Value })),
      },
    }))
    .filter((set) => set.place >= start)
    .sort((one, other) => (one.place < other.place ? -1 : 1))
    .map(({ place: _place, ...set }) => set);
  return answer("ListResourceRecordSetsResponse", {
    ResourceRecordSets: { ResourceRecordSet: sets },
    IsTruncated: false,
    MaxItems: 300,
  });
}

/** Zones are listed in the order of their labels from the top. */
function reversed(name: string): string {
  return name.split(".").reverse().join(".");
}

function describe(account: AwsHolder, zone: Zone): XmlObject {
  return {
    Id: `/hostedzone/${zone.id}`,
    Name: `${zone.name}.`,
    CallerReference: zone.id,
    Config: { PrivateZone: isPrivate(account, zone) },
    ResourceRecordSetCount: 2,
  };
}

function answer(name: string, value: XmlObject): ApiAnswer {
  return { status: 200, type: "text/xml", body: xml(name, value, NAMESPACE) };
}
