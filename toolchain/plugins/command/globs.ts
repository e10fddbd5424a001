const LITERAL = /[\\^$.*+?()[\]{}|/]/;

/** Turns a path pattern (`*`, `**`, `?`, `[a-z]`, `[!a]`, `{a,b}`, `\x`) into an expression for whole paths. */
export function globToRegExp(pattern: string): RegExp {
  let source = "";
  let depth = 0;
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    const classEnd = character === "[" ? pattern.indexOf("]", at + 2) : -1;
    if (character === "*" && pattern[at + 1] === "*") {
      source += ".*";
      at += 1;
    } else if (character === "*") source += "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (classEnd > 0) {
      source += `[${pattern
        .slice(at + 1, classEnd)
        .replace(/^!/, "^")
        .replaceAll("\\", "\\\\")}]`;
      at = classEnd;
    } else if (character === "{") {
      source += "(?:";
      depth += 1;
    } else if (character === "}" && depth > 0) {
      source += ")";
      depth -= 1;
    } else if (character === "," && depth > 0) source += "|";
    else if (character === "\\" && at + 1 < pattern.length) {
      at += 1;
      source += escape(pattern.charAt(at));
    } else source += escape(character);
  }
  if (depth > 0) throw new Error(`the pattern "${pattern}" has a "{" without "}"`);
  return new RegExp(`^${source}$`, "s");
}

function escape(character: string): string {
  return LITERAL.test(character) ? `\\${character}` : character;
}
