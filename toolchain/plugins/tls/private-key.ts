import { createHash, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { ResourceHandler } from "../provider/resource-handler";
import type { Properties } from "../provider/values";

const generate = promisify(generateKeyPair);

const ALGORITHMS = ["ECDSA", "ED25519", "RSA"];
const DEFAULT_RSA_BITS = 2048;
const DEFAULT_CURVE = "P224";
const CURVES: Record<string, string> = {
  P224: "secp224r1",
  P256: "prime256v1",
  P384: "secp384r1",
  P521: "secp521r1",
};
/** OpenSSH has no form for this curve; the outputs are empty then, as with the official plugin. */
const CURVE_WITHOUT_OPENSSH = "P224";

/** `tls.PrivateKey`: a key pair in the forms that programs ask for. */
export const privateKey: ResourceHandler = {
  check({ algorithm, ecdsaCurve, rsaBits }) {
    const failures: string[] = [];
    if (algorithm !== undefined && !ALGORITHMS.includes(algorithm as string)) {
      const reason = `"algorithm" must be one of ${ALGORITHMS.join(", ")}`;
      failures.push(reason);
    }
    if (ecdsaCurve !== undefined && CURVES[ecdsaCurve as string] === undefined) {
      const reason = `"ecdsaCurve" must be one of ${Object.keys(CURVES).join(", ")}`;
      failures.push(reason);
    }
    if (rsaBits !== undefined && (rsaBits as number) < 1024) {
      failures.push('"rsaBits" must be 1024 or more');
    }
    return failures;
  },

  plan: settings,

  async create(_operation, inputs) {
    const { algorithm, ecdsaCurve, rsaBits } = settings(inputs) as unknown as Settings;
    const pair = await makePair(algorithm, ecdsaCurve, rsaBits);
    const publicDer = pair.publicKey.export({ type: "spki", format: "der" });
    const hasOpenSsh = algorithm !== "ECDSA" || ecdsaCurve !== CURVE_WITHOUT_OPENSSH;
    return {
      id: createHash("sha1").update(publicDer).digest("hex"),
      outputs: {
        ...settings(inputs),
        ...pemForms(pair.privateKey, algorithm),
        publicKeyPem: pair.publicKey.export({ type: "spki", format: "pem" }).toString(),
        ...(hasOpenSsh ? await openSshForms(pair.privateKey) : EMPTY_OPENSSH_FORMS),
      },
    };
  },
};

interface Settings {
  algorithm: string;
  ecdsaCurve: string;
  rsaBits: number;
}

const EMPTY_OPENSSH_FORMS = {
  privateKeyOpenssh: "",
  publicKeyOpenssh: "",
  publicKeyFingerprintMd5: "",
  publicKeyFingerprintSha256: "",
};

function settings(inputs: Properties): Properties {
  return {
    ...(inputs["algorithm"] === undefined ? {} : { algorithm: inputs["algorithm"] }),
    ecdsaCurve: inputs["ecdsaCurve"] ?? DEFAULT_CURVE,
    rsaBits: inputs["rsaBits"] ?? DEFAULT_RSA_BITS,
  };
}

function makePair(algorithm: string, curve: string, bits: number) {
  switch (algorithm) {
    case "RSA":
      return generate("rsa", { modulusLength: bits });
    case "ECDSA":
      return generate("ec", { namedCurve: CURVES[curve] ?? curve });
    default:
      return generate("ed25519");
  }
}

function pemForms(key: KeyObject, algorithm: string): Properties {
  const pkcs8 = key.export({ type: "pkcs8", format: "pem" }).toString();
  const classic = { RSA: "pkcs1", ECDSA: "sec1" }[algorithm] as "pkcs1" | "sec1" | undefined;
  return {
    privateKeyPem:
      classic === undefined ? pkcs8 : key.export({ type: classic, format: "pem" }).toString(),
    privateKeyPemPkcs8: pkcs8,
  };
}

async function openSshForms(key: KeyObject): Promise<Properties> {
  const { parsePrivateKey } = await import("sshpk");
  const parsed = parsePrivateKey(key.export({ type: "pkcs8", format: "pem" }), "pkcs8");
  parsed.comment = "";
  const open = parsed.toPublic();
  return {
    privateKeyOpenssh: parsed.toString("ssh"),
    publicKeyOpenssh: `${open.toString("ssh").trim().split(" ").slice(0, 2).join(" ")}\n`,
    publicKeyFingerprintMd5: open.fingerprint("md5").toString("hex"),
    publicKeyFingerprintSha256: open.fingerprint("sha256").toString("base64"),
  };
}
