import { hexId } from "../core/ids";
import { arn } from "./account";
import { refuse } from "./errors";
import { routes, routeTableAssociations, routeTables, subnets, vpcs } from "./kinds";
import { awsType, common, find } from "./resource";
import { exactlyOne, given, text } from "./values";

/** A table of routes; routes come by resources of their own. */
export const routeTable = awsType({
  kind: routeTables,
  noun: "EC2 Route Table",
  check: (inputs) =>
    given(inputs, ["routes", "propagatingVgws"]).map(
      (name) => `"${name}": the simulator takes routes only as resources aws.ec2.Route`,
    ),
  create: (call, inputs) => {
    const vpcId = text(inputs["vpcId"]);
    find(call, vpcs, vpcId, () => {
      const message = `The vpc ID '${vpcId}' does not exist`;
      return refuse("EC2", "CreateRouteTable", "InvalidVpcID.NotFound", message);
    });
    const id = hexId("rtb-");
    return {
      id,
      outputs: {
        ...common(inputs),
        arn: arn(call.aws, "ec2", `route-table/${id}`),
        vpcId,
        ownerId: call.aws.accountId,
        propagatingVgws: [],
      },
    };
  },
  tell: (call, { id, outputs }) => ({
    ...outputs,
    routes: call.state
      .list(routes)
      .filter((route) => route.outputs["routeTableId"] === id)
      .map((route) => ({
        cidrBlock: route.outputs["destinationCidrBlock"] ?? "",
        ipv6CidrBlock: route.outputs["destinationIpv6CidrBlock"] ?? "",
        gatewayId: route.outputs["gatewayId"] ?? "",
      })),
  }),
  unread: ["routes"],
  delete: (call, { id }) => {
    for (const route of call.state.list(routes)) {
      if (route.outputs["routeTableId"] === id) call.state.remove(routes, route.id);
    }
    for (const association of call.state.list(routeTableAssociations)) {
      if (association.outputs["routeTableId"] === id) {
        call.state.remove(routeTableAssociations, association.id);
      }
    }
  },
});

/** Puts a subnet under a table. */
export const routeTableAssociation = awsType({
  kind: routeTableAssociations,
  noun: "Route Table Association",
  tagged: false,
  check: (inputs, unknown) => exactlyOne(inputs, ["subnetId", "gatewayId"], unknown),
  create: (call, inputs) => {
    const [tableId, subnetId] = [text(inputs["routeTableId"]), text(inputs["subnetId"])];
    const refused = (code: string, message: string) =>
      refuse("EC2", "AssociateRouteTable", code, message);
    find(call, routeTables, tableId, () =>
      refused("InvalidRouteTableID.NotFound", `The routeTable ID '${tableId}' does not exist`),
    );
    find(call, subnets, subnetId, () =>
      refused("InvalidSubnetID.NotFound", `The subnet ID '${subnetId}' does not exist`),
    );
    const other = call.state
      .list(routeTableAssociations)
      .find(({ outputs }) => outputs["subnetId"] === subnetId);
    if (other !== undefined) {
      const message = `the specified association for route table ${tableId} conflicts with an existing association`;
      throw refused("Resource.AlreadyAssociated", message);
    }
    const outputs = { ...common(inputs, false), routeTableId: tableId, subnetId };
    return { id: hexId("rtbassoc-"), outputs };
  },
  update: (call, kept, inputs) => {
    const tableId = text(inputs["routeTableId"]);
    find(call, routeTables, tableId, () => {
      const message = `The routeTable ID '${tableId}' does not exist`;
      return refuse("EC2", "ReplaceRouteTableAssociation", "InvalidRouteTableID.NotFound", message);
    });
    return { ...kept, outputs: { ...kept.outputs, routeTableId: tableId } };
  },
});
