import { generateKeyPairSync } from "node:crypto";
import type { AddressInfo } from "node:net";
import { Server, type AuthContext, type Connection } from "ssh2";

/** An SSH server that knows one password: OpenSSH could only be given one by changing an account. */
export class PasswordServer {
  private readonly server: Server;
  private readonly clients = new Set<Connection>();

  constructor(
    private readonly method: "password" | "keyboard-interactive",
    private readonly password: string,
  ) {
    const hostKey = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "pkcs1", format: "pem" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    }).privateKey;
    this.server = new Server({ hostKeys: [hostKey] }, (client) => this.serve(client));
  }

  /** Listens on 127.0.0.1 and gives the port. */
  listen(): Promise<number> {
    return new Promise((resolve) => {
      this.server.listen(0, "127.0.0.1", () =>
        resolve((this.server.address() as AddressInfo).port),
      );
    });
  }

  close(): void {
    for (const client of this.clients) client.end();
    this.server.close();
  }

  private serve(client: Connection): void {
    this.clients.add(client);
    client.on("error", () => undefined);
    client.on("close", () => this.clients.delete(client));
    client.on("authentication", (context) => this.authenticate(context));
    client.on("session", (accept) => {
      accept().on("exec", (acceptExec, _reject, { command }) => {
        const channel = acceptExec();
        channel.write(`ran ${command}\n`);
        channel.exit(0);
        channel.end();
      });
    });
  }

  private authenticate(context: AuthContext): void {
    if (context.method !== this.method) {
      context.reject([this.method]);
    } else if (context.method === "password") {
      this.decide(context, context.password);
    } else {
      const asking = context;
      asking.prompt([{ prompt: "Password:", echo: false }], (answers) =>
        this.decide(context, answers[0]),
      );
    }
  }

  private decide(context: AuthContext, given: string | undefined): void {
    if (given === this.password) context.accept();
    else context.reject();
  }
}
