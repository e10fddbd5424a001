// Serves both clouds' APIs on the loopback address. Started by start.sh, which tells inputs and exit codes.
import type { AddressInfo } from "node:net";
import { simulatorFolder } from "../core/simulated";
import { readApiAccount } from "./account";
import { State } from "../core/state";
import { apiServer } from "./server";

const state = new State(simulatorFolder());
// Said now rather than with the first request.
readApiAccount(state);
const server = apiServer(state);
server.listen(Number(process.env["BERTH_API_PORT"] ?? 0), "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});
