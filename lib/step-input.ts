const NAME = /^[A-Z][A-Z0-9_]*$/;

/**
 * Renders values as a host script reads them on stdin: a line `NAME=<base64>` each, so that no character of a value
 * can be taken for syntax. Read by `host/lib/inputs.sh`.
 *
 * @throws when a name is not upper case letters, digits and underscores.
 */
export function renderStepInput(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => {
      if (!NAME.test(name)) {
        throw new Error(
          `step input "${name}": allowed are upper case letters, digits and underscores`,
        );
      }
      return `${name}=${Buffer.from(value, "utf8").toString("base64")}\n`;
    })
    .join("");
}
