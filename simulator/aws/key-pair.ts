import { createHash } from "node:crypto";
import { hexId } from "../core/ids";
import { arn } from "./account";
import { refuse } from "./errors";
import { keyPairs } from "./kinds";
import { awsType, common } from "./resource";
import { conflict, text } from "./values";

const TYPES: Record<string, string> = { "ssh-ed25519": "ed25519", "ssh-rsa": "rsa" };

/** A public SSH key that instances are given at their start. */
export const keyPair = awsType({
  kind: keyPairs,
  noun: "EC2 Key Pair",
  autoName: "keyName",
  check: (inputs) => conflict(inputs, "keyNamePrefix", "keyName"),
  canonical: (inputs) => ({ ...inputs, publicKey: text(inputs["publicKey"]).trim() }),
  unread: ["publicKey"],
  create: (call, inputs) => {
    const name = text(inputs["keyName"]);
    const key = text(inputs["publicKey"]).trim();
    const [type = "", blob = ""] = key.split(/\s+/);
    const refused = (code: string, message: string) =>
      refuse("EC2", "ImportKeyPair", code, message);
    if (TYPES[type] === undefined || blob === "") {
      throw refused("InvalidKey.Format", "Key is not in valid OpenSSH public key format");
    }
    if (call.state.get(keyPairs, name) !== undefined) {
      throw refused("InvalidKeyPair.Duplicate", "The keypair already exists");
    }
    const fingerprint = createHash("sha256").update(Buffer.from(blob, "base64")).digest("base64");
    return {
      id: name,
      outputs: {
        ...common(inputs),
        arn: arn(call.aws, "ec2", `key-pair/${name}`),
        keyName: name,
        keyNamePrefix: "",
        keyPairId: hexId("key-"),
        keyType: TYPES[type] ?? "",
        publicKey: key,
        fingerprint,
      },
    };
  },
});
