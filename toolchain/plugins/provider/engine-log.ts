import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Sends lines to the engine, which shows them beside the resource while it is worked on. */
export class EngineLog {
  private client: EngineClient | undefined;
  /** Lines go one after the other, so that they are shown in their order. */
  private lastSent: Promise<void> = Promise.resolve();

  /** Tells where the engine listens. */
  attach(address: string): void {
    if (address === "" || this.client !== undefined) return;
    this.client = new EngineClient(address, grpc.credentials.createInsecure());
  }

  /** Shows one line as status of the resource. */
  status(urn: string, message: string): void {
    this.send(urn, message, LogSeverity.INFO, true);
  }

  /** Shows a warning about the resource, which stays on the screen. */
  warning(urn: string, message: string): void {
    this.send(urn, message, LogSeverity.WARNING, false);
  }

  /** Waits until the engine has got every line. */
  async flush(): Promise<void> {
    await this.lastSent;
  }

  private send(urn: string, message: string, severity: LogSeverity, isPassing: boolean): void {
    const client = this.client;
    if (client === undefined) return;
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setUrn(urn);
    request.setMessage(message);
    request.setEphemeral(isPassing);
    // A lost line of progress is no reason to fail a step, so the outcome is not looked at.
    const send = () => new Promise<void>((resolve) => client.log(request, () => resolve()));
    this.lastSent = this.lastSent.then(send);
  }
}
