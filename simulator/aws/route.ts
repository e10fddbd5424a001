import { crc32 } from "node:zlib";
import { refuse } from "./errors";
import { internetGateways, routes, routeTables, vpcs } from "./kinds";
import { type AwsCall, awsType, common, find } from "./resource";
import { exactlyOne, isGiven, text } from "./values";

const DESTINATIONS = [
  "destinationCidrBlock",
  "destinationIpv6CidrBlock",
  "destinationPrefixListId",
] as const;
const TARGETS = [
  "carrierGatewayId",
  "coreNetworkArn",
  "egressOnlyGatewayId",
  "gatewayId",
  "localGatewayId",
  "natGatewayId",
  "networkInterfaceId",
  "odbNetworkArn",
  "transitGatewayId",
  "vpcEndpointId",
  "vpcPeeringConnectionId",
] as const;

/** One route of a table. The simulated account has internet gateways as targets. */
export const route = awsType({
  kind: routes,
  noun: "Route",
  tagged: false,
  check: (inputs) => [
    ...TARGETS.filter((name) => name !== "gatewayId" && isGiven(inputs[name])).map(
      (name) => `"${name}": the simulator has only gatewayId as a target`,
    ),
    ...(DESTINATIONS.some((name) => isGiven(inputs[name])) ? exactlyOne(inputs, DESTINATIONS) : []),
  ],
  create: (call, inputs) => {
    const tableId = text(inputs["routeTableId"]);
    const [name] = DESTINATIONS.filter((one) => isGiven(inputs[one]));
    const destination = name === undefined ? "" : text(inputs[name]);
    if (name === undefined || destination === "") {
      const message = "The request must contain exactly one destination";
      throw refuse("EC2", "CreateRoute", "MissingParameter", message);
    }
    const table = find(call, routeTables, tableId, () => {
      const message = `The routeTable ID '${tableId}' does not exist`;
      return refuse("EC2", "CreateRoute", "InvalidRouteTableID.NotFound", message);
    });
    const vpcId = text(table.outputs["vpcId"]);
    checkGateway(call, text(inputs["gatewayId"]), vpcId, "CreateRoute");
    const isLocal = call.state.get(vpcs, vpcId)?.outputs["cidrBlock"] === destination;
    const isTaken = call.state
      .list(routes)
      .some(({ outputs }) => outputs["routeTableId"] === tableId && outputs[name] === destination);
    if (isLocal || isTaken) {
      const message = `The route identified by ${destination} already exists.`;
      throw refuse("EC2", "CreateRoute", "RouteAlreadyExists", message);
    }
    return {
      id: `r-${tableId}${crc32(destination)}`,
      outputs: {
        ...common(inputs, false),
        routeTableId: tableId,
        [name]: destination,
        gatewayId: text(inputs["gatewayId"]),
        instanceId: "",
        instanceOwnerId: "",
        origin: "CreateRoute",
        state: "active",
      },
    };
  },
  update: (call, kept, inputs) => {
    const gatewayId = text(inputs["gatewayId"]);
    const table = call.state.get(routeTables, text(inputs["routeTableId"]));
    checkGateway(call, gatewayId, text(table?.outputs["vpcId"]), "ReplaceRoute");
    return { ...kept, outputs: { ...kept.outputs, gatewayId } };
  },
});

function checkGateway(call: AwsCall, gatewayId: string, vpcId: string, operation: string): void {
  const gateway = find(call, internetGateways, gatewayId, () => {
    const message = `The gateway ID '${gatewayId}' does not exist`;
    return refuse("EC2", operation, "InvalidGatewayID.NotFound", message);
  });
  if (gateway.outputs["vpcId"] !== vpcId) {
    const message = `route table and network gateway ${gatewayId} belong to different networks`;
    throw refuse("EC2", operation, "InvalidParameterValue", message);
  }
}
