import { createPrivateKey } from "node:crypto";
import { rule } from "../rule";
import { DROPLET, INSTANCE } from "../types";
import { textOf, userDataOf, writtenFiles } from "../user-data";

// See the design of the first contact: a host key that serves one login and is removed by the next step.
const FIRST_CONTACT_KEY = "/etc/ssh/berth_first_contact";

const PRIVATE_KEY = /-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY-----[\s\S]*?(-----END|$)/g;

/** User data, which every process on the server can read, holds no private key but the throw-away first-contact one. */
export const userDataKeys = rule({
  name: "user-data-keys",
  description: `User data holds no private key, save an ECDSA one at ${FIRST_CONTACT_KEY}.`,
  types: [DROPLET, INSTANCE],
  check: ({ name, props }) => {
    const userData = userDataOf(props);
    if (userData === undefined) return [];
    const text = textOf(userData);
    const files = writtenFiles(text);
    const allowed = files.filter(
      ({ path, content }) => path === FIRST_CONTACT_KEY && isEcdsa(content),
    );
    const holders = files
      .filter((file) => !allowed.includes(file) && count(file.content) > 0)
      .map(({ path }) => `the file ${path}`);
    const inFiles = files
      .filter(({ isPlain }) => isPlain)
      .reduce((sum, { content }) => sum + count(content), 0);
    if (count(text) > inFiles) holders.push("its text");
    return holders.map(
      (holder) =>
        `${name} gets a private key by its user data (${holder}); send it by a step over SSH once the server is there.`,
    );
  },
});

function count(text: string): number {
  return [...text.matchAll(PRIVATE_KEY)].length;
}

/** True for one ECDSA P-256 key, in OpenSSH or PEM form. */
function isEcdsa(content: string): boolean {
  if (count(content) !== 1) return false;
  const openssh = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*)-----END/.exec(content)?.[1];
  if (openssh !== undefined) {
    return Buffer.from(openssh, "base64").includes("ecdsa-sha2-nistp256");
  }
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(content);
    return asymmetricKeyType === "ec" && asymmetricKeyDetails?.namedCurve === "prime256v1";
  } catch {
    return false;
  }
}
