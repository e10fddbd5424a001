import assert from "node:assert/strict";
import { test } from "node:test";
import { variablesOfService, variablesOfText } from "./compose-variables";

const cases: [text: string, found: string][] = [
  ["no variable, 5 $, $5, ${}", ""],
  ["$$NAME $${NAME}", ""],
  ["$A ${B}!", "A B"],
  ["${A:?is missing} ${B?}", "A B"],
  ["${A:-x} ${B-} ${C:+x} ${D+x}", "A? B? C? D?"],
  ["${A:-${B}} ${C}", "A? B(A) C"],
  ["${A:-${B:-${C}}}$D", "A? B?(A) C(A B) D"],
  ["${A:+${B}}", "A? B"],
  ['{"a": "${A}", "b": {}}${B}', "A B"],
];

for (const [text, expected] of cases) {
  test(`variables of ${text}`, () => {
    const found = variablesOfText(text).map(
      ({ name, optional, defaultOf }) =>
        `${name}${optional ? "?" : ""}${defaultOf.length > 0 ? `(${defaultOf.join(" ")})` : ""}`,
    );
    assert.equal(found.join(" "), expected);
  });
}

test("variables of a service, with their places", () => {
  const found = variablesOfService(
    {
      image: "shop:${TAG}",
      command: ["serve", "--key=${KEY}"],
      environment: ["TAKEN_OVER", "URL=http://${HOST}"],
      "x-note": "${NOTHING}",
    },
    ["image"],
  );
  assert.deepEqual(
    found.map(({ path, name, optional }) => [path, name, optional]),
    [
      ["environment.TAKEN_OVER", "TAKEN_OVER", true],
      ["command[1]", "KEY", false],
      ["environment[1]", "HOST", false],
    ],
  );
  const asMap = variablesOfService({ environment: { TAKEN_OVER: null, URL: "http://$HOST" } });
  assert.deepEqual(
    asMap.map(({ path, name }) => [path, name]),
    [
      ["environment.TAKEN_OVER", "TAKEN_OVER"],
      ["environment.URL", "HOST"],
    ],
  );
});
