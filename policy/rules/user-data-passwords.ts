import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { ifKnown } from "../rule";
import { DROPLET, INSTANCE } from "../types";
import { readableTexts, userDataOf } from "../user-data";

const SECRET_OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  "random:index/randomPassword:RandomPassword": ["result", "bcryptHash"],
  "random:index/randomBytes:RandomBytes": ["base64", "hex"],
};
// Shorter ones occur by chance.
const SHORTEST_SECRET = 8;

/**
 * User data holds no generated password. Before values are known, as in a first preview, what the user data is made
 * from tells it; afterwards the values are looked for, in plain and in base64.
 */
export const userDataPasswords: StackValidationPolicy = {
  name: "user-data-passwords",
  description: "User data holds no generated password.",
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    const generators = resources.filter(({ type }) => type in SECRET_OUTPUTS);
    for (const server of resources.filter(({ type }) => type === DROPLET || type === INSTANCE)) {
      const texts = readableTexts(userDataOf(server.props) ?? Buffer.alloc(0));
      for (const generator of generators) {
        if (isMadeFrom(server, generator) || holds(texts, generator)) {
          report(
            `${server.name} gets the value of ${generator.name} by its user data, which every process on the server ` +
              "can read; send it by a step over SSH once the server is there.",
            server.urn,
          );
        }
      }
    }
  },
};

function isMadeFrom(server: PolicyResource, generator: PolicyResource): boolean {
  const { userData = [], userDataBase64 = [] } = server.propertyDependencies;
  return [...userData, ...userDataBase64].some(({ urn }) => urn === generator.urn);
}

function holds(texts: readonly string[], generator: PolicyResource): boolean {
  const values = (SECRET_OUTPUTS[generator.type] ?? [])
    .map((output) => ifKnown(() => generator.props[output] as unknown))
    .filter((value) => typeof value === "string" && value.length >= SHORTEST_SECRET) as string[];
  const forms = values.flatMap((value) => [
    value,
    Buffer.from(value).toString("base64").replace(/=+$/, ""),
  ]);
  return forms.some((form) => texts.some((text) => text.includes(form)));
}
