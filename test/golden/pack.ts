import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { policies } from "../../policy/policies";
import type { RecordedResource } from "../support/recording-mocks";
import { providerOutputs } from "./provider-tables";

type Report = (message: unknown) => void;

/** What the policy pack finds in resources as the program declares them, `rule: finding` each. */
export async function brokenRules(
  stack: string,
  records: readonly RecordedResource[],
): Promise<string[]> {
  const found: string[] = [];
  const outputs = providerOutputs();
  const inputs = new Map(records.map((record) => [record.name, record.inputs]));
  const seen = records.map((record) => ({
    type: record.type,
    name: record.name,
    urn: `urn:pulumi:${stack}::berth::${record.type}::${record.name}`,
    props: record.inputs,
    opts: { protect: record.protect },
    provider: { props: inputs.get(record.provider) ?? {} },
    propertyDependencies: {},
    getConfig: () => ({}),
  }));
  // Generated values are outputs; a whole stack is checked with them.
  const whole = seen.map((one) => ({
    ...one,
    props: {
      ...one.props,
      ...(one.type.startsWith("random:") ? outputs[one.type]?.(one.props, one.name) : {}),
    },
  }));
  for (const policy of policies) {
    const report: Report = (message) => found.push(`${policy.name}: ${String(message)}`);
    const { validateStack } = policy as Partial<StackValidationPolicy>;
    await validateStack?.({ resources: whole } as never, report);
    const { validateResource } = policy as ResourceValidationPolicy;
    for (const resource of typeof validateResource === "function" ? seen : []) {
      await (validateResource as (args: unknown, report: Report) => unknown)(resource, report);
    }
  }
  return found;
}
