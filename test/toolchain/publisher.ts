import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import type { Machine } from "./machine";

/** The publishers that `toolchain/lib/official.sh` knows. */
export const PLACES = ["PULUMI", "NODE", "COMPOSE", "BUILDX", "PLUGINS"];

/** Has set-up ask the publisher for these places, which may take long to answer, and nobody for the others. */
export function official(machine: Machine, publisher: Publisher, ...places: string[]): void {
  const nowhere = "http://127.0.0.1:9";
  machine.with({ BERTH_OFFICIAL: undefined, BERTH_OFFICIAL_ANSWER_SECONDS: "120" });
  for (const place of PLACES) {
    const url = places.includes(place) ? publisher.url : nowhere;
    machine.with({ [`BERTH_OFFICIAL_${place}_URL`]: url });
  }
}

/** Runs `body` with a publisher and closes it. */
export async function withPublisher(
  opening: Promise<Publisher>,
  body: (publisher: Publisher) => Promise<void>,
): Promise<void> {
  const publisher = await opening;
  try {
    await body(publisher);
  } finally {
    publisher.close();
  }
}

/** An HTTP server on 127.0.0.1 in the place of a publisher's. */
export class Publisher {
  /** Paths asked for, in their order. */
  readonly asked: string[] = [];
  /** How many waited for an answer at the same time. */
  mostAtOnce = 0;
  private readonly waiting = new Set<() => void>();
  private readonly files = new Map<string, Buffer>();
  private readonly server = createServer((request, response) => {
    this.answer(request, response);
  });

  /** @param together how many questions have to wait until all are answered */
  private constructor(private readonly together: number) {}

  /** Serves the files given to `publish`. */
  static open(): Promise<Publisher> {
    return new Publisher(1).listen();
  }

  /** Takes connections and never answers, as a firewall that swallows does. */
  static openSilent(): Promise<Publisher> {
    return new Publisher(Infinity).listen();
  }

  /** Answers nobody before so many wait for an answer. */
  static openForAll(count: number): Promise<Publisher> {
    return new Publisher(count).listen();
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
    this.asked.push(request.url ?? "");
    const answer = () => {
      const file = this.files.get(request.url ?? "");
      if (file === undefined) {
        response.writeHead(404).end();
      } else {
        response.writeHead(200, { "content-length": file.length });
        response.end(request.method === "HEAD" ? undefined : file);
      }
    };
    this.waiting.add(answer);
    this.mostAtOnce = Math.max(this.mostAtOnce, this.waiting.size);
    response.on("close", () => this.waiting.delete(answer));
    if (this.waiting.size < this.together) return;
    for (const each of this.waiting) each();
    this.waiting.clear();
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
