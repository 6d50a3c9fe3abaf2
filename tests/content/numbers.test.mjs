// Numbers are read alike in both scripts, and those of the answers stand in the articles cited.
import assert from "node:assert/strict";
import test from "node:test";
import { existsSync } from "node:fs";
import { compare, measures, program, unfound, value, withoutGist } from "./numbers.mjs";

test("numerals have a value in either script", () => {
  for (const [text, wanted] of [["三百二十", 320], ["十五", 15], ["二十万", 200000], ["1.5", 1.5], ["5万", 50000], ["１２", 12], ["3,000", 3000], ["半", 0.5], ["两百", 200]]) {
    assert.equal(value(text), wanted, text);
  }
});

const seen = text => measures(text).map(each => `${each.value}${each.unit}`);

test("measures that say the same are the same", () => {
  for (const [one, other] of [["一年内", "十二个月内"], ["两年", "2 年"], ["百分之二十", "20%"], ["两成", "百分之二十"], ["150％", "百分之一百五十"], ["2万元", "二万元"], ["三周", "二十一日"], ["满八周岁", "满8岁"], ["双倍返还", "两倍返还"], ["1/3", "三分之一"]]) {
    assert.deepEqual(seen(one), seen(other), `${one} ${other}`);
  }
  assert.deepEqual(seen("一年半"), ["18月"]);
});

test("dates, articles and manners of speaking are no measures", () => {
  for (const text of ["2024年6月30日", "二〇二七年六月一日", "第三十条第二款", "第一年", "每天", "两人商量", "几万元", "十天半月", "12348"]) assert.deepEqual(seen(text), [], text);
});

test("a number no article has is found with its sentence", () => {
  const laws = ["诉讼时效期间为三年。"];
  assert.deepEqual(unfound("时效是三年。快满二年时催一次。", laws), [{ number: "二年", sentence: "快满二年时催一次。" }]);
});

test("every article cited has a gist on its law's page", { skip: !existsSync(program()) && "no pufa: set PUFA or build it" }, () => {
  assert.deepEqual(withoutGist(program()), []);
});

const laws = process.env.PUFA_LAWS;
test("the numbers of the answers stand in the articles they cite", { skip: !laws && "no library: set PUFA_LAWS to a folder of laws" }, () => {
  const { missing, stale } = compare(program(), [laws]);
  assert.deepEqual(missing, []);
  assert.deepEqual(stale, []);
});
