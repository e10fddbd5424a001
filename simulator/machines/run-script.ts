import { spawn } from "node:child_process";
import { join } from "node:path";

/**
 * Runs a script of `simulator/machines` with its values on stdin, and gives what it prints.
 *
 * @throws with the last lines of its messages when it fails.
 */
export function runScript(
  name: string,
  values: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<string> {
  const root = process.env["BERTH_ROOT"] ?? join(__dirname, "../..");
  return new Promise((finish, fail) => {
    const child = spawn(join(root, "simulator/machines", name), args, {
      stdio: ["pipe", "pipe", "pipe"],
    });
    let printed = "";
    let messages = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (messages += text));
    child.on("error", fail);
    child.on("close", (status) => {
      if (status === 0) finish(printed);
      else fail(new Error(`simulator/machines/${name} ended with ${status}: ${tail(messages)}`));
    });
    // A script that ends before it has read all is told of by its exit status.
    child.stdin.on("error", () => undefined);
    child.stdin.end(
      Object.entries(values)
        .map(([key, value]) => `${key}=${Buffer.from(value).toString("base64")}\n`)
        .join(""),
    );
  });
}

function tail(text: string): string {
  return text.trim().split("\n").slice(-5).join("\n");
}
