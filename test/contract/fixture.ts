import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { Sshd } from "./sshd";
import { ContractStack, type Declared } from "./stack";

/** What a contract test works with. */
export interface Fixture {
  stack: ContractStack;
  sshd: Sshd;
  /** A `remote.Command` that logs in to the test's server. */
  command: (
    name: string,
    args: Record<string, unknown>,
    options?: Record<string, unknown>,
  ) => Declared;
  /** A path in the test's folder, which commands may write to. */
  path: (name: string) => string;
  /** Lines of a file in the test's folder; none if it is not there. */
  lines: (name: string) => string[];
}

/** A test with a stack of its own and a running SSH server. */
export function contract(
  title: string,
  body: (fixture: Fixture, context: TestContext) => Promise<void>,
  server: { config?: string; isStarted?: boolean } = {},
): void {
  test(title, async (context) => {
    const stack = await ContractStack.make();
    const sshd = Sshd.prepare(join(stack.folder, "sshd"), server.config);
    try {
      if (server.isStarted !== false) await sshd.start();
      const path = (name: string) => join(stack.folder, name);
      const lines = (name: string) =>
        existsSync(path(name)) ? readFileSync(path(name), "utf8").split("\n").slice(0, -1) : [];
      const command: Fixture["command"] = (name, args, options = {}) => ({
        type: "remote.Command",
        name,
        args: { connection: sshd.connection(), ...args },
        options,
      });
      await body({ stack, sshd, command, path, lines }, context);
    } finally {
      await sshd.stop();
      stack.remove();
    }
  });
}

/** A test with a stack of its own and no server. */
export function contractWithoutServer(
  title: string,
  body: (stack: ContractStack) => Promise<void>,
): void {
  test(title, async () => {
    const stack = await ContractStack.make();
    try {
      await body(stack);
    } finally {
      stack.remove();
    }
  });
}
