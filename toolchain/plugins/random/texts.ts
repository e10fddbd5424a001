import type { ResourceHandler } from "../provider/resource-handler";
import { checkRules, drawText, readRules, rulesAsOutputs } from "./characters";

const BCRYPT_COST = 10;
const BCRYPT_BYTES = 72;

/** `RandomPassword`: a secret text and its bcrypt hash. */
export const randomPassword: ResourceHandler = {
  check: checkRules,
  plan: (inputs) => rulesAsOutputs(readRules(inputs)),
  async create(_operation, inputs) {
    const rules = readRules(inputs);
    const result = drawText(rules);
    const bcryptHash = await hash(result);
    return { id: "none", outputs: { ...rulesAsOutputs(rules), result, bcryptHash } };
  },
};

/** `RandomString`: a text that is no secret; it is the resource's id. */
export const randomString: ResourceHandler = {
  check: checkRules,
  plan: (inputs) => rulesAsOutputs(readRules(inputs)),
  create(_operation, inputs) {
    const rules = readRules(inputs);
    const result = drawText(rules);
    return Promise.resolve({ id: result, outputs: { ...rulesAsOutputs(rules), result } });
  },
};

/** bcrypt looks at 72 bytes at most, so the rest is left out on purpose. */
async function hash(text: string): Promise<string> {
  const bcrypt = await import("bcryptjs");
  const bytes = Buffer.from(text, "utf8").subarray(0, BCRYPT_BYTES).toString("utf8");
  return bcrypt.hash(bytes, BCRYPT_COST);
}
