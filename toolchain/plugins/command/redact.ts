const SHORTEST_SECRET = 4;
const SHORTEST_LINE = 8;
const PLACEHOLDER = "[secret]";
const ASSIGNMENT = /^[A-Za-z_]\w*=(.*)$/;
const BASE64 = /^[A-Za-z0-9+/]{8,}={0,2}$/;

/** Takes known secrets out of text that goes to logs and errors. */
export class Redactor {
  private readonly needles: string[];

  /**
   * Besides each secret its lines count, and of lines `NAME=value` the value. A value in base64 counts
   * in its plain form too if that looks like a password or key: such lists hold names and addresses as
   * well, and a log without these would be of no use.
   */
  constructor(secrets: string[]) {
    const needles = new Set(secrets.flatMap(needlesOf));
    this.needles = [...needles].sort((a, b) => b.length - a.length);
  }

  clean(text: string): string {
    return this.needles.reduce((clean, needle) => clean.replaceAll(needle, PLACEHOLDER), text);
  }
}

function needlesOf(secret: string): string[] {
  const whole = secret.trim();
  const lines = linesOf(whole);
  const values = lines.flatMap((line) => valuesOf(ASSIGNMENT.exec(line)?.[1] ?? ""));
  return [
    ...(whole.length >= SHORTEST_SECRET ? [whole] : []),
    ...lines.filter((line) => line.length >= SHORTEST_LINE),
    ...values,
  ];
}

function valuesOf(value: string): string[] {
  if (!BASE64.test(value)) return looksGenerated(value) ? [value] : [];
  const plain = Buffer.from(value, "base64").toString("utf8").trim();
  return [value, ...[plain, ...linesOf(plain)].filter(looksGenerated)];
}

function linesOf(text: string): string[] {
  return text.split("\n").map((line) => line.trim());
}

/** True for text as drawn by chance: long, in one word, of small and capital letters and digits. */
function looksGenerated(text: string): boolean {
  return text.length >= 20 && [/^\S+$/, /[a-z]/, /[A-Z]/, /[0-9]/].every((kind) => kind.test(text));
}
