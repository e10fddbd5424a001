import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { configure, checkConfig, diffConfig } from "./config-calls";
import { EngineLog } from "./engine-log";
import { ResourceCalls } from "./resource-calls";
import type { ResourceHandler } from "./resource-handler";
import type { PluginTable } from "./schema";
import type { Properties } from "./values";

const UNLIMITED = -1;
const ENGINE_CHECK_MS = 2000;

/**
 * Serves a plugin on a free port of 127.0.0.1 and tells the engine, which started it, the port. `use` is given the
 * provider's settings before any resource is asked for; what it throws is the engine's error.
 */
export function serve(
  table: PluginTable,
  handlers: Record<string, ResourceHandler>,
  use?: (config: Properties) => void,
): void {
  const engineLog = new EngineLog();
  engineLog.attach(process.argv.slice(2).find((argument) => !argument.startsWith("-")) ?? "");
  const resources = new ResourceCalls(table, handlers, engineLog);

  const server = new grpc.Server({
    "grpc.max_receive_message_length": UNLIMITED,
    "grpc.max_send_message_length": UNLIMITED,
  });
  server.addService(ResourceProviderService, {
    handshake: answer((request: messages.ProviderHandshakeRequest) => {
      engineLog.attach(request.getEngineAddress());
      const response = new messages.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      return response;
    }),
    getPluginInfo: answer(() => {
      const info = new PluginInfo();
      info.setVersion(table.version);
      return info;
    }),
    getSchema: answer(() => {
      const response = new messages.GetSchemaResponse();
      response.setSchema(JSON.stringify({ name: table.name, version: table.version }));
      return response;
    }),
    checkConfig: answer((request: messages.CheckRequest) => checkConfig(table, request)),
    diffConfig: answer((request: messages.DiffRequest) => diffConfig(table, request)),
    configure: answer((request: messages.ConfigureRequest) => configure(table, request, use)),
    check: answer((request: messages.CheckRequest) => resources.check(request)),
    diff: answer((request: messages.DiffRequest) => resources.diff(request)),
    create: answer((request: messages.CreateRequest) => resources.create(request)),
    read: answer((request: messages.ReadRequest) => resources.read(request)),
    update: answer((request: messages.UpdateRequest) => resources.update(request)),
    delete: answer((request: messages.DeleteRequest) => resources.delete(request)),
    cancel: answer(() => {
      resources.cancel();
      return new Empty();
    }),
    attach: answer(() => new Empty()),
    invoke: answer((request: messages.InvokeRequest) => {
      throw new Error(`the stand-in plugin "${table.name}" has no function ${request.getTok()}`);
    }),
  });

  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) {
      process.stderr.write(`cannot listen on 127.0.0.1: ${error.message}\n`);
      process.exit(1);
    }
    process.stdout.write(`${port}\n`);
    endWithEngine(resources);
  });
}

/** An engine that was killed cannot end its plugins, so an idle one ends itself. */
function endWithEngine(resources: ResourceCalls): void {
  const engine = process.ppid;
  const look = () => {
    if (process.ppid !== engine && !resources.isBusy) process.exit(0);
  };
  setInterval(look, ENGINE_CHECK_MS).unref();
}

type Call<Request> = { request: Request };
type Reply<Response> = (error: grpc.ServiceError | null, response?: Response) => void;

function answer<Request, Response>(handle: (request: Request) => Response | Promise<Response>) {
  return (call: Call<Request>, reply: Reply<Response>): void => {
    Promise.resolve()
      .then(() => handle(call.request))
      .then(
        (response) => reply(null, response),
        (error: unknown) => {
          const details = error instanceof Error ? error.message : String(error);
          reply({ code: grpc.status.UNKNOWN, details } as grpc.ServiceError);
        },
      );
  };
}
