import type { ResourceHandler } from "../provider/resource-handler";
import { isArchive, isAsset, isObject, type Properties, type Value } from "../provider/values";
import { readConnection } from "./connection";
import { dial } from "./dial";
import { uniqueId } from "./identity";
import { openRemoteFiles } from "./remote-files";
import { copyPath, copyText } from "./upload";

/** `command:remote:CopyToRemote`: a file, a text or a folder, put on a host by SFTP. */
export const copyToRemote: ResourceHandler = {
  check({ source }) {
    const reason = wrongSource(source);
    return reason === undefined ? [] : [reason];
  },

  async create(operation, inputs) {
    await copy(inputs, operation.signal);
    return { id: uniqueId(""), outputs: {} };
  },

  // A new host alone does not copy again; the official plugin looks at these two only.
  async update(operation, inputs, olds) {
    const isSame =
      hashOf(inputs["source"]) === hashOf(olds["source"]) &&
      inputs["remotePath"] === olds["remotePath"];
    if (!isSame) await copy(inputs, operation.signal);
    return {};
  },
};

function wrongSource(source: Value | undefined): string | undefined {
  if (isAsset(source) && source["uri"] !== undefined) {
    return 'argument "source": an asset must be a file or a text of this machine, no URL';
  }
  if (isArchive(source) && typeof source["path"] !== "string") {
    return 'argument "source": an archive must be a folder or a packed file of this machine, no URL and no list of assets';
  }
  return undefined;
}

function hashOf(source: Value | undefined): Value | undefined {
  return isObject(source) ? source["hash"] : undefined;
}

async function copy(inputs: Properties, signal: AbortSignal): Promise<void> {
  const source = inputs["source"] as Properties;
  const remotePath = inputs["remotePath"] as string;
  const login = await dial(readConnection(inputs["connection"]), signal);
  try {
    const files = await openRemoteFiles(login.client);
    const { text, path } = source;
    if (typeof path === "string" && path !== "") await copyPath(files, path, remotePath);
    else await copyText(files, (text as string | undefined) ?? "", remotePath);
  } finally {
    login.close();
  }
}
