import { connect } from "node:net";
import type { AuthenticationType, ParsedKey } from "ssh2";
import type { Login } from "./connection";

/** One way to log in, in the form the SSH library takes them, tried in order. */
export interface AuthMethod {
  type: AuthenticationType;
  username: string;
  key?: ParsedKey;
  password?: string;
  agent?: string;
  prompt?: (
    name: string,
    instructions: string,
    language: string,
    prompts: unknown[],
    finish: (answers: string[]) => void,
  ) => void;
}

/** The ways to log in: key, password, password by questions, agent. Wrong material fails here, before any dial. */
export async function authMethods(login: Login): Promise<AuthMethod[]> {
  const username = login.user;
  const methods: AuthMethod[] = [{ type: "none", username }];
  if (login.privateKey !== undefined) {
    const key = await readPrivateKey(login.privateKey, login.privateKeyPassword);
    methods.push({ type: "publickey", username, key });
  }
  const password = login.password;
  if (password !== undefined) {
    methods.push({ type: "password", username, password });
    methods.push({
      type: "keyboard-interactive",
      username,
      prompt: (_name, _instructions, _language, prompts, finish) =>
        finish(prompts.map(() => password)),
    });
  }
  const agent = login.agentSocketPath ?? process.env["SSH_AUTH_SOCK"];
  if (agent !== undefined && agent !== "") {
    await reachAgent(agent, login.agentSocketPath !== undefined);
    methods.push({ type: "agent", username, agent });
  }
  return methods;
}

const PKCS8 = /^-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/;

async function readPrivateKey(text: string, passphrase: string | undefined): Promise<ParsedKey> {
  const { utils } = await import("ssh2");
  const parsed = utils.parseKey(
    PKCS8.test(text.trimStart()) ? await toOpenSsh(text, passphrase) : text,
    passphrase,
  );
  if (parsed instanceof Error) {
    const hint =
      passphrase === undefined
        ? "if it is encrypted, set connection.privateKeyPassword"
        : "check connection.privateKeyPassword";
    throw new Error(
      `connection.privateKey cannot be read; wanted is an OpenSSH or PEM private key, and ${hint}`,
    );
  }
  return parsed;
}

/** The SSH library knows OpenSSH's and the older PEM forms, not PKCS#8. */
async function toOpenSsh(text: string, passphrase: string | undefined): Promise<string> {
  const { createPrivateKey } = await import("node:crypto");
  const { parsePrivateKey } = await import("sshpk");
  try {
    const key = createPrivateKey(passphrase === undefined ? text : { key: text, passphrase });
    return parsePrivateKey(key.export({ type: "pkcs8", format: "pem" }), "pkcs8").toString("ssh");
  } catch {
    return "";
  }
}

/** A dead agent is an error even when another way to log in is given, as with the official plugin. */
function reachAgent(path: string, byArgument: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      const from = byArgument ? "connection.agentSocketPath" : "SSH_AUTH_SOCK";
      reject(
        new Error(
          `no SSH agent answers at ${path}, named by ${from} (${error.code ?? "error"}): ` +
            `start it or unset ${from}`,
        ),
      );
    });
  });
}
