// The calculators against examples worked by hand. Run: node --test tests/browser/calculators.test.mjs
import { test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs";
import vm from "node:vm";

const context = vm.createContext({ Date, Math, JSON });
context.globalThis = context;
vm.runInContext(fs.readFileSync(new URL("../../themes/default/js/calculator.js", import.meta.url), "utf8"), context);
const { calculators } = context;
const check = (kind, input, expected, more) => assert.deepEqual({ ...calculators[kind](input, more) }, expected);

test("court fee by steps", () => {
  check("court-fee", { matter: "property", amount: 8000 }, { low: 50, high: 50 });
  check("court-fee", { matter: "property", amount: 50000 }, { low: 1050, high: 1050 }); // 50 + 40,000 × 2.5 %
  check("court-fee", { matter: "property", amount: 300000 }, { low: 5800, high: 5800 }); // 50 + 2,250 + 2,000 + 1,500
  check("court-fee", { matter: "property", amount: 50000, half: true }, { low: 525, high: 525 });
  check("court-fee", { matter: "property", amount: 25000000 }, { low: 166800, high: 166800 }); // 141,800 at 20 million + 25,000
  check("court-fee", { matter: "divorce", amount: 500000 }, { low: 1550, high: 1800 });
  check("court-fee", { matter: "personality", amount: 120000 }, { low: 700, high: 1100 });
  check("court-fee", { matter: "labour", amount: 90000 }, { low: 10, high: 10 });
});
test("severance pay: halves, cap, double", () => {
  check("compensation", { reason: "n", years: 3, months: 4, wage: 6000 }, { n: 3.5, wage: 6000, capped: false, total: 21000 });
  check("compensation", { reason: "n1", years: 2, months: 6, wage: 6000, last: 6500 }, { n: 3, wage: 6000, capped: false, total: 24500 });
  check("compensation", { reason: "2n", years: 1, months: 0, wage: 5000 }, { n: 1, wage: 5000, capped: false, total: 10000 });
  check("compensation", { reason: "n", years: 15, months: 0, wage: 40000, average: 10000 }, { n: 12, wage: 30000, capped: true, total: 360000 });
});
test("overtime", () => {
  check("overtime", { wage: 5220, workday: 10, restday: 8, holiday: 8 }, { hour: 30, workday: 450, restday: 480, holiday: 720, total: 1650 });
});
test("annual leave: whole days only", () => {
  check("annual-leave", { years: 12, wage: 6525, taken: 4 }, { days: 10, due: 10, open: 6, extra: 3600, all: 5400 });
  check("annual-leave", { years: 5, wage: 6525, taken: 0, left: "2026-06-30" }, { days: 5, due: 2, open: 2, extra: 1200, all: 1800 }); // 181 ÷ 365 × 5 = 2.48
});
test("interest cap: the rate of the day, nothing before the rule", () => {
  const rates = [{ date: "2020-04-20", one_year: 3.85 }, { date: "2024-10-21", one_year: 3.1 }];
  check("interest-cap", { principal: 100000, rate: 24, signed: "2021-03-01", days: 365 }, { lpr: 3.85, since: "2020-04-20", cap: 15.4, counted: 15.4, interest: 15400, over: 8600 }, rates);
  check("interest-cap", { principal: 100000, rate: 6, signed: "2025-01-01", days: 73 }, { lpr: 3.1, since: "2024-10-21", cap: 12.4, counted: 6, interest: 1200, over: 0 }, rates);
  assert.equal(calculators["interest-cap"]({ principal: 1, rate: 1, signed: "2019-01-01", days: 1 }, rates), null);
});
test("limitation: three years, weekends, no 29 February, twenty years", () => {
  check("limitation", { known: "2023-03-06" }, { last: "2026-03-06", moved: false, longest: null });
  check("limitation", { known: "2023-03-07" }, { last: "2026-03-09", moved: true, longest: null }); // a Saturday
  check("limitation", { known: "2024-02-29" }, { last: "2027-03-01", moved: true, longest: null }); // 28 February 2027 is a Sunday
  check("limitation", { known: "2023-01-04", renewed: "2024-05-06" }, { last: "2027-05-06", moved: false, longest: null });
  check("limitation", { known: "2026-01-05", harmed: "2007-05-10" }, { last: "2027-05-10", moved: false, longest: "2027-05-10" });
});
