import { hexId } from "../core/ids";
import { arn } from "./account";
import { refuse } from "./errors";
import { databases, egressRules, ingressRules, instances, securityGroups, vpcs } from "./kinds";
import { awsType, common, find } from "./resource";
import { conflict, given, text, texts } from "./values";

/** A set of rules that instances and databases are put under. It starts without any rule. */
export const securityGroup = awsType({
  kind: securityGroups,
  noun: "Security Group",
  autoName: "name",
  check: (inputs) => [
    ...conflict(inputs, "name", "namePrefix").map(() => `"name": conflicts with namePrefix`),
    ...(text(inputs["name"]).startsWith("sg-") ? [`"name": may not begin with sg-`] : []),
    ...given(inputs, ["ingress", "egress"]).map(
      (name) => `"${name}": the simulator takes rules only as resources of aws.vpc`,
    ),
  ],
  create: (call, inputs) => {
    const [name, vpcId] = [text(inputs["name"]), text(inputs["vpcId"])];
    const refused = (code: string, message: string) =>
      refuse("EC2", "CreateSecurityGroup", code, message);
    find(call, vpcs, vpcId, () =>
      vpcId === ""
        ? refused("VPCIdNotSpecified", "No default VPC for this user")
        : refused("InvalidVpcID.NotFound", `The vpc ID '${vpcId}' does not exist`),
    );
    const isTaken = call.state
      .list(securityGroups)
      .some(({ outputs }) => outputs["vpcId"] === vpcId && outputs["name"] === name);
    if (isTaken) {
      const message = `The security group '${name}' already exists for VPC '${vpcId}'`;
      throw refused("InvalidGroup.Duplicate", message);
    }
    const id = hexId("sg-");
    return {
      id,
      outputs: {
        ...common(inputs),
        arn: arn(call.aws, "ec2", `security-group/${id}`),
        name,
        namePrefix: "",
        description: text(inputs["description"]),
        vpcId,
        ownerId: call.aws.accountId,
        revokeRulesOnDelete: inputs["revokeRulesOnDelete"] ?? false,
        ingress: [],
        egress: [],
      },
    };
  },
  unread: ["ingress", "egress"],
  retried: ["DependencyViolation"],
  delete: (call, { id }) => {
    const { state } = call;
    const isInUse = [...state.list(instances), ...state.list(databases)].some(({ outputs }) =>
      texts(outputs["vpcSecurityGroupIds"]).includes(id),
    );
    const isNamed = [...state.list(ingressRules), ...state.list(egressRules)].some(
      ({ outputs }) =>
        outputs["referencedSecurityGroupId"] === id && outputs["securityGroupId"] !== id,
    );
    if (isInUse || isNamed) {
      const message = `resource ${id} has a dependent object`;
      throw refuse("EC2", "DeleteSecurityGroup", "DependencyViolation", message);
    }
    for (const kind of [ingressRules, egressRules]) {
      for (const rule of state.list(kind)) {
        if (rule.outputs["securityGroupId"] === id) state.remove(kind, rule.id);
      }
    }
  },
});
