// The calculators against examples worked out by hand. Run: node --test tests/js/
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const make = require("../../themes/default/js/calculator.js");

/** The strings of a language below `[calculator.…]`: `key = "words"` lines, which is all these sections have. */
function words(language) {
  const file = path.join(__dirname, "../../themes/default/i18n", language + ".toml");
  const sections = {};
  let section = "";
  for (const line of fs.readFileSync(file, "utf8").split("\n")) {
    const head = /^\[(.+)\]$/.exec(line), entry = /^([\w-]+) = (".*")$/.exec(line);
    if (head) sections[(section = head[1])] = {};
    else if (entry && section.startsWith("calculator.")) sections[section][entry[1]] = JSON.parse(entry[2]);
  }
  return sections;
}

/** Each calculator with the words its page gives it. */
function speaking(language) {
  const all = words(language), calculators = {};
  for (const name of ["court-fee", "compensation", "overtime", "annual-leave", "interest-cap", "limitation"]) {
    calculators[name] = make({ labels: all["calculator." + name], says: all["calculator.says"] })[name];
  }
  return calculators;
}

const calculators = speaking("zh-CN");

const RATES = { rates: [["2019-08-20", 4.25], ["2020-04-20", 3.85], ["2021-12-20", 3.8], ["2022-01-20", 3.7]], checked: "2025-10-20" };

/** Amount in yuan. */
function amount(name, answers) {
  const result = calculators[name](answers, RATES);
  return result.low === result.high ? result.high / 100 : [result.low / 100, result.high / 100];
}

function check(name, answers, wanted) {
  assert.deepEqual(amount(name, answers), wanted, JSON.stringify(answers));
}

function refuses(name, answers, field) {
  assert.throws(() => calculators[name](answers, RATES), (problem) => problem.field === field && problem.message.length > 3);
}

test("property cases: every band of the court fee", () => {
  for (const [yuan, fee] of [
    [0, 50], [10000, 50], [10001, 50.03], [100000, 2300], [200000, 4300], [500000, 8800], [1000000, 13800],
    [2000000, 22800], [5000000, 46800], [10000000, 81800], [20000000, 141800], [30000000, 191800],
  ]) check("court-fee", { kind: "property", amount: String(yuan) }, fee);
});

test("amounts may be written as people write them", () => {
  check("court-fee", { kind: "property", amount: "10万元" }, 2300);
  check("court-fee", { kind: "property", amount: "１００，０００" }, 2300);
  check("court-fee", { kind: "property", amount: "￥ 1.15万" }, 87.5);
  refuses("court-fee", { kind: "property", amount: "很多" }, "amount");
  refuses("court-fee", { kind: "property" }, "amount");
});

test("other court fees", () => {
  check("court-fee", { kind: "property", amount: "100000", half: true }, 1150);
  check("court-fee", { kind: "labour", half: true }, 5);
  check("court-fee", { kind: "administrative" }, [50, 100]);
  check("court-fee", { kind: "divorce", amount: "200000" }, [50, 300]);
  check("court-fee", { kind: "divorce", amount: "600000" }, [2050, 2300]);
  check("court-fee", { kind: "personality", amount: "50000" }, [100, 500]);
  check("court-fee", { kind: "personality", amount: "120000" }, [700, 1100]);
  check("court-fee", { kind: "enforcement", amount: "500000" }, 7400);
  check("court-fee", { kind: "enforcement", amount: "5000000", half: true }, 52400);
  check("court-fee", { kind: "enforcement", amount: "12000000" }, 79400);
  check("court-fee", { kind: "preservation", amount: "1000" }, 30);
  check("court-fee", { kind: "preservation", amount: "100000" }, 1020);
  check("court-fee", { kind: "preservation", amount: "1000000" }, 5000);
  check("court-fee", { kind: "payment-order", amount: "100000" }, 766.67);
});

test("compensation: years, half years and the cap", () => {
  const base = { start: "2020-03-01", wage: "8000" };
  check("compensation", { ...base, mode: "n", end: "2024-02-29" }, 32000);
  check("compensation", { ...base, mode: "n", end: "2024-03-01" }, 36000);
  check("compensation", { ...base, mode: "n", end: "2024-08-30" }, 36000);
  check("compensation", { ...base, mode: "n", end: "2024-08-31" }, 40000);
  check("compensation", { ...base, mode: "n1", end: "2024-08-31", last: "9000" }, 49000);
  check("compensation", { ...base, mode: "n1", end: "2024-08-31" }, 48000);
  check("compensation", { ...base, mode: "2n", end: "2024-08-31" }, 80000);
  check("compensation", { mode: "n", start: "2009-01-01", end: "2023-12-31", wage: "40000", average: "10000" }, 360000);
  check("compensation", { mode: "n", start: "2009-01-01", end: "2023-12-31", wage: "30000", average: "10000" }, 450000);
  check("compensation", { mode: "n", start: "2024-01-01", end: "2024-01-01", wage: "5000" }, 2500);
  refuses("compensation", { ...base, mode: "n", end: "2019-01-01" }, "end");
  refuses("compensation", { ...base, mode: "n", end: "2024-02-30" }, "end");
});

test("overtime: one and a half, two and three times", () => {
  check("overtime", { wage: "5220", weekday: "10", rest: "8", holiday: "8" }, 1650);
  check("overtime", { wage: "5220", weekday: "1.5" }, 67.5);
  check("overtime", { wage: "4000", holiday: "8" }, 551.72);
  refuses("overtime", { wage: "5220" }, "weekday");
});

test("annual leave: days by years worked, and by days of the year", () => {
  check("annual-leave", { years: "12", wage: "6525", taken: "3" }, [4200, 6300]);
  check("annual-leave", { years: "12", wage: "6525", taken: "3", left: "2026-06-30" }, [600, 900]);
  check("annual-leave", { years: "12", wage: "6525", taken: "10" }, 0);
  check("annual-leave", { years: "0.5", wage: "6525", taken: "0" }, 0);
  check("annual-leave", { years: "20", wage: "6525", taken: "0" }, [9000, 13500]);
  check("annual-leave", { years: "3", wage: "6525", taken: "0", joined: "2026-07-01" }, [1200, 1800]);
  check("annual-leave", { years: "3", wage: "6525", taken: "9", left: "2026-06-30" }, 0);
});

test("interest: the agreed rate or four times the prime rate", () => {
  const loan = { principal: "100000", contract: "2022-03-01", from: "2022-03-01", to: "2023-03-01" };
  check("interest-cap", { ...loan, rate: "24" }, 14800);
  check("interest-cap", { ...loan, rate: "14.8" }, 14800);
  check("interest-cap", { ...loan, rate: "10%" }, 10000);
  check("interest-cap", { ...loan, rate: "0" }, 0);
  const old = { principal: "100000", rate: "24", contract: "2020-05-01", from: "2020-05-01", to: "2021-05-01" };
  check("interest-cap", { ...old, sued: "2021-06-01" }, 10716.71);
  refuses("interest-cap", old, "sued");
  refuses("interest-cap", { ...loan, rate: "24", to: "2022-01-01" }, "to");
});

test("interest: a day behind the table is said to be unchecked", () => {
  const answers = { principal: "100", rate: "1", contract: "2026-01-05", from: "2026-01-05", to: "2026-02-05" };
  assert.ok(calculators["interest-cap"](answers, RATES).steps.some((step) => step.includes("只核对到2025-10-20")));
});

test("periods end on the corresponding day, the month's last, or behind a weekend", () => {
  const end = (answers) => calculators.limitation(answers).figure;
  assert.equal(end({ kind: "general", known: "2023-03-05" }), "2026年3月5日");
  assert.equal(end({ kind: "general", known: "2023-05-10" }), "2026年5月11日");
  assert.equal(end({ kind: "general", known: "2024-02-29" }), "2027年3月1日");
  assert.equal(end({ kind: "administrative", known: "2026-08-31" }), "2027年3月1日");
  assert.equal(end({ kind: "reconsideration", known: "2026-03-05" }), "2026年5月4日");
  assert.equal(end({ kind: "labour", known: "2026-03-05" }), "2027年3月5日");
});

test("a demand starts the period anew while it runs, and only where the law says so", () => {
  const end = (answers) => calculators.limitation(answers).figure;
  assert.equal(end({ kind: "general", known: "2023-03-05", interrupted: "2024-06-03" }), "2027年6月3日");
  assert.equal(end({ kind: "general", known: "2023-03-05", interrupted: "2026-06-03" }), "2026年3月5日");
  assert.equal(end({ kind: "administrative", known: "2026-03-05", interrupted: "2026-04-01" }), "2026年9月7日");
});

test("twenty years from the harm are the limit", () => {
  const result = calculators.limitation({ kind: "general", known: "2023-01-16", harmed: "2004-01-15" });
  assert.equal(result.figure, "2024年1月15日");
});

test("every sentence is in the page's language, with its places filled", () => {
  const answers = {
    "court-fee": [{ kind: "property", amount: "300000", half: true }, { kind: "divorce", amount: "600000" }, { kind: "payment-order", amount: "100000" }, { kind: "enforcement" }, { kind: "preservation", amount: "1000000" }, { kind: "labour" }, { kind: "administrative" }],
    compensation: [{ mode: "n1", start: "2007-01-01", end: "2023-12-31", wage: "40000", average: "10000" }, { mode: "2n", start: "2020-01-01", end: "2023-12-31", wage: "8000" }],
    overtime: [{ wage: "5220", weekday: "10", rest: "8", holiday: "8" }],
    "annual-leave": [{ years: "12", wage: "6525", taken: "3", left: "2026-06-30" }, { years: "3", wage: "6525", taken: "0", joined: "2026-07-01" }, { years: "0", wage: "1", taken: "0" }],
    "interest-cap": [{ principal: "100000", rate: "24", contract: "2020-05-01", from: "2020-05-01", to: "2021-05-01", sued: "2026-06-01" }, { principal: "1", rate: "1", contract: "2022-03-01", from: "2022-03-01", to: "2023-03-01" }],
    limitation: [{ kind: "general", known: "2023-05-10", harmed: "2004-01-15" }, { kind: "general", known: "2023-03-05", interrupted: "2024-06-03" }, { kind: "labour", known: "2020-03-05", interrupted: "2026-06-03" }, { kind: "administrative", known: "2026-08-31", interrupted: "2026-09-01" }, { kind: "reconsideration", known: "2026-03-06" }],
  };
  for (const language of ["zh-CN", "en"]) {
    const spoken = speaking(language);
    for (const [name, cases] of Object.entries(answers)) {
      for (const one of cases) {
        const result = spoken[name](one, RATES);
        const said = [result.figure, ...result.steps].join("\n");
        assert.doesNotMatch(said, /[{}_]|undefined|NaN/, said);
        if (language === "en") assert.doesNotMatch(said, /[\u4e00-\u9fff]/, said);
      }
    }
  }
});

test("a problem names what is asked for as the form does", () => {
  assert.throws(() => calculators.compensation({ wage: "1" }, RATES), /请填入职日期。/);
  assert.throws(() => speaking("en").compensation({ wage: "1" }, RATES), /First day of work/);
});
