import { promisify } from "node:util";
import type { Client, SFTPWrapper } from "ssh2";

/** The few things an upload does on the other side. */
export interface RemoteFiles {
  /** What is at the path, if anything. */
  kindOf: (path: string) => Promise<"folder" | "file" | undefined>;
  makeFolder: (path: string) => Promise<void>;
  writeText: (path: string, text: string) => Promise<void>;
  writeFile: (path: string, localPath: string) => Promise<void>;
}

type Done = (error?: Error | null) => void;

const NO_SUCH_FILE = 2;

/** Opens an SFTP session in a login. */
export async function openRemoteFiles(client: Client): Promise<RemoteFiles> {
  const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
    client.sftp((error, session) => (error === undefined ? resolve(session) : reject(error)));
  });
  const stat = promisify(sftp.stat.bind(sftp));
  const mkdir = promisify((path: string, done: Done) => sftp.mkdir(path, done));
  const write = promisify((path: string, text: string, done: Done) =>
    sftp.writeFile(path, text, done),
  );
  const put = promisify((localPath: string, path: string, done: Done) =>
    sftp.fastPut(localPath, path, done),
  );
  return {
    async kindOf(path) {
      try {
        return (await stat(path)).isDirectory() ? "folder" : "file";
      } catch (error) {
        if ((error as { code?: number }).code === NO_SUCH_FILE) return undefined;
        throw because("look at", path, error);
      }
    },
    makeFolder: (path) => mkdir(path).catch(rethrow("make the folder", path)),
    writeText: (path, text) => write(path, text).catch(rethrow("write", path)),
    writeFile: (path, localPath) => put(localPath, path).catch(rethrow("write", path)),
  };
}

function rethrow(what: string, path: string) {
  return (error: unknown): never => {
    throw because(what, path, error);
  };
}

function because(what: string, path: string, error: unknown): Error {
  return new Error(
    `cannot ${what} ${path} on the server: ${error instanceof Error ? error.message : String(error)}`,
  );
}
