import { createHash } from "node:crypto";
import type { CloudType } from "../core/cloud-type";
import { numericId } from "../core/ids";
import { apiError } from "./cloud";
import { sshKeys } from "./records";
import { text, withForms } from "./shapes";

const CREATE = "POST /v2/account/keys";

/** `SshKey`: a public key of the account. One key is there once, under whatever name. */
export const sshKey: CloudType = {
  autoName: "name",
  canonical: (inputs) =>
    withForms(inputs, {
      publicKey: (value) => (typeof value === "string" ? value.trim() : value),
    }),

  async create({ state }, inputs) {
    const publicKey = text(inputs, "publicKey").trim();
    const blob = publicKey.split(" ")[1] ?? "";
    if (!/^[A-Za-z0-9+/]{40,}=*$/.test(blob)) {
      throw apiError(CREATE, 422, "Key invalid, key should be of the format `type key [comment]`");
    }
    const fingerprint = (
      createHash("md5").update(Buffer.from(blob, "base64")).digest("hex").match(/../g) ?? []
    ).join(":");
    const made = { id: String(numericId()), name: text(inputs, "name"), fingerprint, publicKey };
    await state.locked(() => {
      if (state.list(sshKeys).some((other) => other.fingerprint === fingerprint)) {
        throw apiError(CREATE, 422, "SSH Key is already in use on your account");
      }
      state.put(sshKeys, made.id, { ...made, outputs: {} });
    });
    return { id: made.id, outputs: { name: made.name, fingerprint, publicKey } };
  },

  read({ state, id }) {
    const found = state.get(sshKeys, id);
    if (found === undefined) return Promise.resolve(undefined);
    const { name, fingerprint, publicKey } = found;
    return Promise.resolve({ name, fingerprint, publicKey });
  },

  update({ state, id }, inputs, olds) {
    const found = state.get(sshKeys, id);
    if (found === undefined) throw apiError(`PUT /v2/account/keys/${id}`, 404, "not found");
    const name = text(inputs, "name");
    state.put(sshKeys, id, { ...found, name });
    return Promise.resolve({ ...olds, name });
  },

  delete({ state, id }) {
    state.remove(sshKeys, id);
    return Promise.resolve();
  },
};
