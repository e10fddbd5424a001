import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";

/** An HTTP server on 127.0.0.1 in the place of a publisher's. */
export class Publisher {
  /** Paths asked for, in their order. */
  readonly asked: string[] = [];
  private firstAsked = 0;
  private lastLeft = 0;
  private readonly files = new Map<string, Buffer>();
  private readonly server = createServer((request, response) => {
    this.answer(request, response);
  });

  private constructor(private readonly isSilent: boolean) {}

  /** Serves the files given to `publish`. */
  static open(): Promise<Publisher> {
    return new Publisher(false).listen();
  }

  /** Takes connections and never answers, as a firewall that swallows does. */
  static openSilent(): Promise<Publisher> {
    return new Publisher(true).listen();
  }

  private listen(): Promise<this> {
    return new Promise((done) => {
      this.server.listen(0, "127.0.0.1", () => {
        done(this);
      });
    });
  }

  /** The address to use in place of the publisher's. */
  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  /** Seconds from the first question to when the last one who asked hung up. */
  get waitedFor(): number {
    return (this.lastLeft - this.firstAsked) / 1000;
  }

  publish(name: string, content: Buffer | string): void {
    this.files.set(`/${name}`, Buffer.from(content));
  }

  /** Publishes a list of checksums of files published before, as `sha256sum` prints it. */
  publishChecksums(list: string, ...names: string[]): void {
    const lines = names.map((name) => {
      const hash = createHash("sha256").update(this.files.get(`/${name}`) ?? "");
      return `${hash.digest("hex")}  ${name}\n`;
    });
    this.publish(list, lines.join(""));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.asked.length === 0) this.firstAsked = performance.now();
    this.asked.push(request.url ?? "");
    response.on("close", () => (this.lastLeft = performance.now()));
    if (this.isSilent) return;
    const file = this.files.get(request.url ?? "");
    if (file === undefined) {
      response.writeHead(404).end();
    } else {
      response.writeHead(200, { "content-length": file.length });
      response.end(request.method === "HEAD" ? undefined : file);
    }
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
