import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270";

/** A registered resource: what the program asked the engine for, options included. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  /** Inputs with secrets taken out of their markers; {@link secretInputs} tells which they were. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly secretInputs: readonly string[];
  /** Names of the resources it depends on. */
  readonly dependsOn: readonly string[];
  /** Name of the parent, empty for the stack. */
  readonly parent: string;
  readonly deletedWith: string;
  readonly additionalSecretOutputs: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly ignoreChanges: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** Paths of arguments that replace it by its options, beyond what its provider says. */
  readonly replaceOnChanges: readonly string[];
  /** Name of its provider, empty for the default one. */
  readonly provider: string;
}

/** What of a request the records are made from; the generated class has no types. */
interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getDeletedwith(): string;
  getProtect(): boolean;
  getDeletebeforereplace(): boolean;
  getDependenciesList(): string[];
  getAdditionalsecretoutputsList(): string[];
  getIgnorechangesList(): string[];
  getRetainondelete(): boolean;
  getReplaceonchangesList(): string[];
  getProvider(): string;
  getObject(): { toJavaScript(): Record<string, unknown> };
}

interface Monitor {
  registerResource(request: Request, callback: unknown): Promise<void>;
}

/** Outputs that a mocked provider gives beyond the inputs, by resource type. */
export type MockedOutputs = Readonly<
  Record<string, (inputs: Record<string, unknown>, name: string) => Record<string, unknown>>
>;

/**
 * Puts mocks in the engine's place and records each resource with its options. A type without mocked outputs, other
 * than components, is refused, so that nothing is made unnoticed.
 */
export async function recordResources(
  outputs: MockedOutputs,
  stack = "unit",
): Promise<RecordedResource[]> {
  const records: RecordedResource[] = [];
  const monitor = MockMonitor.prototype as unknown as Monitor;
  // Called with the mocks' own `this` below.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const original = monitor.registerResource;
  monitor.registerResource = function (this: Monitor, request: Request, callback: unknown) {
    const marked = request.getObject().toJavaScript();
    const secretInputs = Object.keys(marked).filter((key) => isSecret(marked[key]));
    records.push({
      type: request.getType(),
      name: request.getName(),
      inputs: Object.fromEntries(
        Object.entries(marked).map(([key, value]) => [key, reveal(value)]),
      ),
      secretInputs,
      dependsOn: request.getDependenciesList().map(nameOf).sort(),
      parent: request.getParent().includes("::pulumi:pulumi:Stack::")
        ? ""
        : nameOf(request.getParent()),
      deletedWith: nameOf(request.getDeletedwith()),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      ignoreChanges: request.getIgnorechangesList(),
      protect: request.getProtect(),
      retainOnDelete: request.getRetainondelete(),
      replaceOnChanges: request.getReplaceonchangesList(),
      // A provider is referred to by URN and id.
      provider: request.getProvider().split("::").at(-2) ?? "",
    });
    return original.call(this, request, callback);
  };
  await pulumi.runtime.setMocks(
    {
      call: ({ token }) => {
        throw new Error(`unexpected call of ${token}`);
      },
      newResource: ({ type, name, inputs, custom }) => {
        const mocked = outputs[type];
        if (custom === true && mocked === undefined)
          throw new Error(`unexpected resource ${type} ${name}`);
        const given = inputs as Record<string, unknown>;
        return { id: `${name}-id`, state: { ...given, ...mocked?.(given, name) } };
      },
    },
    "berth",
    stack,
  );
  return records;
}

/** Waits for an output's value. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** Waits until all that was begun is registered, then finds a resource by its name. */
export async function findResource(
  records: readonly RecordedResource[],
  name: string,
): Promise<RecordedResource> {
  await pulumi.runtime.disconnect();
  const found = records.find((record) => record.name === name);
  if (found === undefined) {
    throw new Error(
      `there is no resource ${name}; there are ${records.map((record) => record.name).join(", ")}`,
    );
  }
  return found;
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

function isSecret(value: unknown): value is { value: unknown } {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as Record<string, unknown>)[SECRET_SIGNATURE] === SECRET_MARK
  );
}

function reveal(value: unknown): unknown {
  if (isSecret(value)) return reveal(value.value);
  if (Array.isArray(value)) return value.map(reveal);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reveal(inner)]));
  }
  return value;
}
