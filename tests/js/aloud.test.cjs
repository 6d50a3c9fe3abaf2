// What is spoken for what is written, and where a sentence ends. Run: node --test tests/js/
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const window = { pufa: {}, speechSynthesis: null };
vm.runInNewContext(fs.readFileSync(path.join(__dirname, "../../themes/default/js/aloud.js"), "utf8"), { window, addEventListener() {} });
const { spoken, latinEnd } = window.pufa.aloud;

for (const [written, said] of [
  ["《民法典》第1077条第2款", "民法典第一千零七十七条第二款"],
  ["第1062、1063条", "第一千零六十二、一千零六十三条"],
  ["第679—680条", "第六百七十九至六百八十条"],
  ["第133条之1", "第一百三十三条之一"],
  ["第（二）项", "第二项"],
  ["（一）下雨", "第一，下雨"],
  ["打12348或者110", "打幺二三四八或者幺幺零"],
  ["拨打12348公共法律服务热线、12333人社热线", "拨打幺二三四八公共法律服务热线、幺二三三三人社热线"],
  ["工资12500元，押金120元，违约金96000元，罚110 元", "工资12500元，押金120元，违约金96000元，罚110 元"],
  ["120万元，110人，12,500元，120公里", "120万元，110人，12,500元，120公里"],
  ["9:00—17:00", "9:00至17:00"],
  ["他说——算了", "他说，算了"],
]) test(`${written} is read as ${said}`, () => assert.equal(spoken(written), said));

test("sentences of letters end where the next begins", () => {
  const ends = (text) => [...text].flatMap((c, i) => (latinEnd(text, i) ? [i] : []));
  assert.deepEqual(ends("One here. Two of Art. 5 by J. Doe. 3.5 per cent. Three"), [8, 47]);
  assert.deepEqual(ends("بىر. ئىككى؟ ئۈچ"), [3, 10]);
  assert.deepEqual(ends("e.g. this, www.example.org. 见下"), [26]);
});
