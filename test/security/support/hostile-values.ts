import { randomInt } from "node:crypto";

/** What a hostile value has in it and nothing else has, and what is the same in every form: letters and digits. */
export const markOf = (index: number): string => `Qz7Hostile${String(index).padStart(4, "0")}Wv`;

const FIXED = [
  "'; DROP TABLE users; --",
  `"; rm -rf / #`,
  "$HOME ${HOME} $(id) `id` $$ $1 ${X:-y} ${X:?z}",
  "%s%n%20%(x)s%%",
  "\\n \\\\ \\",
  "-n",
  "--help",
  "a=b=c",
  "# no comment",
  "  both ends  ",
  "{{.Names}} {{ x }} {% y %}",
  "one\ntwo\r\nthree\n",
  "\ttab\t",
  "[secret]",
  "!history !!",
  "*?[a-z]{x,y}~",
  "ünïcødé ß 漢字 🗝 \u0301\u202e\ufeff",
  "\u0001\u001b[31m\u007f",
  "<b>&amp;</b>",
  ":;|&<>(){}",
];
const ALPHABET = Array.from(`abcXYZ019'"\`$\\%#;:=&|<>(){}[]!?*~,.@^+-_/ \t\näß漢🗝`);

/** The seed of this run's values: BERTH_TEST_SEED, else another one each time. */
export const SEED = Number(process.env.BERTH_TEST_SEED ?? randomInt(2 ** 31));

/** Texts that break what quotes carelessly: well-known ones first, then drawn by the seed; all different. */
export function hostileValues(count: number, seed = SEED): string[] {
  let state = seed % 2147483648;
  const next = (below: number): number => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
  return Array.from({ length: count }, (_, index) => {
    const length = next(50);
    const drawn = Array.from({ length }, () => ALPHABET[next(ALPHABET.length)]).join("");
    const text = FIXED[index] ?? drawn;
    const cut = FIXED[index] === undefined ? next(text.length + 1) : text.length;
    // A surrogate pair stays whole, as half of one is no text.
    const at = /[\uDC00-\uDFFF]/.test(text[cut] ?? "") ? cut + 1 : cut;
    return `${text.slice(0, at)}${markOf(index)}${text.slice(at)}`;
  });
}

/** Whether a value can be a database password: one line, no control character. */
export function isPassword(value: string): boolean {
  return !Array.from(value).some((character) => character < " " || character === "\u007f");
}
