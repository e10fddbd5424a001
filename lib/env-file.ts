const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Renders variables as a Compose `.env` file, double-quoted, so that quotes, `$`, backslashes and line ends reach the
 * container unchanged.
 *
 * @throws when a name is no variable name or a value holds a NUL, which no environment can carry; the message omits the value.
 * @see https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/
 */
export function renderEnvFile(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => {
      if (!NAME.test(name)) {
        throw new Error(
          `variable "${name}": allowed are letters, digits and underscores, no digit first`,
        );
      }
      if (value.includes("\0")) {
        throw new Error(`variable ${name}: its value holds a NUL character; take it out`);
      }
      return `${name}="${value.replace(/[\\"$\n\r\t]/g, escapeCharacter)}"\n`;
    })
    .join("");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  $: "\\$",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function escapeCharacter(character: string): string {
  return ESCAPES[character] ?? character;
}
