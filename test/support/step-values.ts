/** Reads a step's stdin back into its values. */
export function stepValues(stdin: unknown): Record<string, string> {
  return Object.fromEntries(
    String(stdin)
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const at = line.indexOf("=");
        return [line.slice(0, at), Buffer.from(line.slice(at + 1), "base64").toString("utf8")];
      }),
  );
}
