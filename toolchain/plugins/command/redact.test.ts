import assert from "node:assert/strict";
import { test } from "node:test";
import { Redactor } from "./redact";

const base64 = (text: string) => Buffer.from(text).toString("base64");

const cases: { title: string; secret: string; text: string; clean: string }[] = [
  { title: "a whole secret", secret: "hunter2\n", text: "say hunter2!", clean: "say [secret]!" },
  {
    title: "one of its long lines",
    secret: "line-one\nline-two",
    text: "line-two",
    clean: "[secret]",
  },
  {
    title: "the longest match first",
    secret: "abcd\nabcdefghij",
    text: "abcdefghij",
    clean: "[secret]",
  },
  { title: "nothing too short to tell apart", secret: "abc", text: "abcabc", clean: "abcabc" },
  {
    title: "an encoded value, and its plain form if it looks generated",
    secret: `A=${base64("xK3mPq8ZvB2nLw5RtY7c")}\nB=x`,
    text: `${base64("xK3mPq8ZvB2nLw5RtY7c")} xK3mPq8ZvB2nLw5RtY7c`,
    clean: "[secret] [secret]",
  },
  {
    title: "no plain name from a list of values",
    secret: `APP=${base64("battery-hub.localhost")}\nB=${base64("production")}`,
    text: "battery-hub.localhost is in production",
    clean: "battery-hub.localhost is in production",
  },
];

for (const { title, secret, text, clean } of cases) {
  test(`redacts ${title}`, () => assert.equal(new Redactor([secret]).clean(text), clean));
}
