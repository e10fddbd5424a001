import type { EC2Client } from "@aws-sdk/client-ec2";
import { ask } from "../../preflight/cloud/aws-errors";
import { isCloudError } from "../../preflight/cloud/errors";
import { once } from "../../preflight/cloud/once";
import { STACK_TAG_KEY } from "../../preflight/names";
import type { Rules, RunnerRule } from "./rules";
import type { Stack } from "./stack";

const SSH = 22;

/** At AWS a rule is one of the server's security group; its description holds the name, and when it was made. */
export class AwsRules implements Rules {
  readonly prefix: string;

  constructor(
    private readonly stack: Stack,
    private readonly signal: AbortSignal,
  ) {
    this.prefix = `berth-${stack.name}-runner-`;
  }

  readonly isReady = async (): Promise<boolean> => (await this.group()) !== undefined;

  readonly list = async (): Promise<readonly RunnerRule[]> => {
    const group = await this.group();
    if (group === undefined) return [];
    const { paginateDescribeSecurityGroupRules } = await import("@aws-sdk/client-ec2");
    const client = await this.client();
    const found: RunnerRule[] = [];
    const input = { Filters: [{ Name: "group-id", Values: [group] }] };
    await ask("ec2:DescribeSecurityGroupRules", async () => {
      const bound = { abortSignal: this.signal };
      for await (const page of paginateDescribeSecurityGroupRules({ client }, input, bound)) {
        for (const rule of page.SecurityGroupRules ?? []) {
          const [name = "", made = ""] = (rule.Description ?? "").split(" ");
          if (rule.IsEgress === true || !name.startsWith(this.prefix)) continue;
          found.push({ id: rule.SecurityGroupRuleId ?? "", name, made: new Date(made) });
        }
      }
    });
    return found;
  };

  readonly open = async (name: string, address: string): Promise<void> => {
    const group = await this.group();
    const { AuthorizeSecurityGroupIngressCommand } = await import("@aws-sdk/client-ec2");
    const client = await this.client();
    const Description = `${name} ${new Date().toISOString()}`;
    const input = {
      GroupId: group,
      IpPermissions: [
        {
          IpProtocol: "tcp",
          FromPort: SSH,
          ToPort: SSH,
          IpRanges: [{ CidrIp: `${address}/32`, Description }],
        },
      ],
    };
    try {
      await ask("ec2:AuthorizeSecurityGroupIngress", () =>
        client.send(new AuthorizeSecurityGroupIngressCommand(input), { abortSignal: this.signal }),
      );
    } catch (error) {
      // The address has a rule already, from sshCidrs or of another run.
      if (!isCloudError(error, "InvalidPermission.Duplicate")) throw error;
    }
  };

  readonly close = async ({ id }: RunnerRule): Promise<void> => {
    const group = await this.group();
    const { RevokeSecurityGroupIngressCommand } = await import("@aws-sdk/client-ec2");
    const client = await this.client();
    const input = { GroupId: group, SecurityGroupRuleIds: [id] };
    try {
      await ask("ec2:RevokeSecurityGroupIngress", () =>
        client.send(new RevokeSecurityGroupIngressCommand(input), { abortSignal: this.signal }),
      );
    } catch (error) {
      if (!isCloudError(error, "InvalidSecurityGroupRuleId.NotFound")) throw error;
    }
  };

  private async group(): Promise<string | undefined> {
    const { DescribeSecurityGroupsCommand } = await import("@aws-sdk/client-ec2");
    const client = await this.client();
    const filters = [
      { Name: `tag:${STACK_TAG_KEY}`, Values: [this.stack.name] },
      { Name: "group-name", Values: [`${this.stack.serverName}-server`] },
    ];
    const answer = await ask("ec2:DescribeSecurityGroups", () =>
      client.send(new DescribeSecurityGroupsCommand({ Filters: filters }), {
        abortSignal: this.signal,
      }),
    );
    return answer.SecurityGroups?.[0]?.GroupId;
  }

  private readonly client = once(async (): Promise<EC2Client> => {
    const { EC2Client } = await import("@aws-sdk/client-ec2");
    return new EC2Client({ region: this.stack.region, maxAttempts: 3 });
  });
}
