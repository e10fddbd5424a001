// Holds the lock of the state in the folder that it is given, until it is ended.
import { State } from "../../simulator/core/state";

void new State(process.argv[2] ?? "").locked(async () => {
  process.stdout.write("held\n");
  await new Promise((done) => process.stdin.once("close", done).resume());
});
