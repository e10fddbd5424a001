import assert from "node:assert/strict";
import { test } from "node:test";
import { shopApplication } from "../test/support/application";
import { ENCRYPTED } from "./config-values";
import { findingLine } from "./finding";
import { checkSuppliedSecrets } from "./supplied-secrets";

const shop = shopApplication({
  secrets: {
    adminPassword: { env: "POSTGRES_PASSWORD", length: 40 },
    webPassword: { env: "DB_PASSWORD", length: 40, supplied: true },
    mailKey: { env: "MAIL_KEY", length: 40, supplied: true },
  },
}).berth;
const check = (given: Readonly<Record<string, unknown>>): string[] =>
  checkSuppliedSecrets(given, shop).map(findingLine);

test("values of any characters are taken, line breaks too where no database has to", () => {
  assert.deepEqual(check({ webPassword: `'"$%\`\\ ; DROP`, mailKey: "-----BEGIN\nKEY\n" }), []);
  assert.deepEqual(check({ webPassword: ENCRYPTED, mailKey: ENCRYPTED }), []);
});

test("what is missing, unwanted or unusable is told, without a value", () => {
  const unwanted = "is no secret that x-berth.secrets says is supplied; allowed are";
  assert.deepEqual(
    check({ webPassword: "geheim\n", mailKey: 12345, adminPassword: "geheim", other: "geheim" }),
    [
      `suppliedSecrets.adminPassword: ${unwanted} webPassword, mailKey`,
      `suppliedSecrets.other: ${unwanted} webPassword, mailKey`,
      "suppliedSecrets.webPassword: is a database password and holds a line break or another control character; give one without",
      "suppliedSecrets.mailKey: is no text; set it with `--type string`",
    ],
  );
  assert.deepEqual(check({ webPassword: "a\0b" }), [
    "suppliedSecrets.webPassword: holds a NUL character; take it out",
    "suppliedSecrets.mailKey: must be set; pipe its value to `pulumi config set --secret --type string --path suppliedSecrets.mailKey`",
  ]);
});
