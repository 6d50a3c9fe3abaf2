// The demonstration site is complete and in form; what is missing is listed.
import assert from "node:assert/strict";
import test from "node:test";
import { count } from "./count.mjs";
import { questions, sentences, toml } from "./site.mjs";

test("the content reaches its figures and keeps its form", () => {
  const { lines, problems } = count();
  console.log(lines.join("\n"));
  assert.deepEqual(problems, []);
});

test("a question is read with its keys, answer, explanation and parts", () => {
  const [one] = questions({
    path: "a.md",
    body: '## 能吗？ {#can}\n\n```question\nalso_asked = ["行不行"]\n```\n\n能。\n\n见《民法典》第一条。\n\n### 怎么办\n\n1. 打 12348。\n',
  });
  assert.deepEqual(
    [one.id, one.title, one.keys.also_asked, one.short, one.explanation, one.parts["怎么办"].trim()],
    ["can", "能吗？", ["行不行"], "能。", "见《民法典》第一条。", "1. 打 12348。"],
  );
});

test("sentences end at full stops; headings and tables are none", () => {
  assert.deepEqual(sentences("# 题目\n\n一句。两句！\n\n| 表 | 格 |\n\n- 一条\n"), ["一句。", "两句！", "一条"]);
});

test("front matter is read over lines and in tables", () => {
  assert.deepEqual(toml('a = "x"\nlist = [\n  "一",\n  "二",\n]\n[[part]]\nn = 1\n[[part]]\nn = 2'), {
    a: "x",
    list: ["一", "二"],
    part: [{ n: 1 }, { n: 2 }],
  });
});
