// @ts-check
// Small sums of everyday law. Every function is pure, so that it can be checked by hand; the rules and their basis stand on the page.
(function () {
  "use strict";
  /** @param {number} n @returns {number} Rounded to the cent. */
  function cents(n) { return Math.round((n + Number.EPSILON) * 100) / 100; }
  /** @typedef {{year: number, month: number, day: number}} Day */
  /** @param {string} text @returns {Date | null} A day at noon UTC, so that no time zone moves it. */
  function day(text) { var m = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text || ""); return m ? new Date(Date.UTC(+m[1], +m[2] - 1, +m[3], 12)) : null; }
  /** @param {Date} d @returns {string} */
  function iso(d) { return d.toISOString().slice(0, 10); }
  /** @param {Date} from @param {number} years @returns {Date} The same day of a later year; the month's last day where there is none (Civil Code, art. 202). */
  function after(from, years) {
    var to = new Date(Date.UTC(from.getUTCFullYear() + years, from.getUTCMonth(), from.getUTCDate(), 12));
    return to.getUTCMonth() === from.getUTCMonth() ? to : new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth(), 0, 12));
  }

  var steps = [[1e4, 0], [1e5, 0.025], [2e5, 0.02], [5e5, 0.015], [1e6, 0.01], [2e6, 0.009], [5e6, 0.008], [1e7, 0.007], [2e7, 0.006], [Infinity, 0.005]];
  /** @param {{matter: string, amount: number, half?: boolean}} x @returns {{low: number, high: number}} The fee of first instance; two figures where provinces choose within a range. */
  function courtFee(x) {
    var low = 0, high = 0, over = function (/** @type {number} */ limit) { return Math.max(0, x.amount - limit); };
    if (x.matter === "property") {
      low = 50;
      for (var i = 1; i < steps.length; i++) low += Math.max(0, Math.min(x.amount, steps[i][0]) - steps[i - 1][0]) * steps[i][1];
      high = low;
    } else if (x.matter === "divorce") { low = 50 + over(2e5) * 0.005; high = 300 + over(2e5) * 0.005; }
    else if (x.matter === "personality") { var more = Math.min(over(5e4), 5e4) * 0.01 + over(1e5) * 0.005; low = 100 + more; high = 500 + more; }
    else if (x.matter === "labour") low = high = 10;
    else { low = 50; high = 100; }
    var f = x.half ? 0.5 : 1;
    return { low: cents(low * f), high: cents(high * f) };
  }
  /** @param {{reason: string, years: number, months: number, wage: number, last?: number, average?: number}} x `average`: the place's average monthly wage, 0 if not known. */
  function compensation(x) {
    var years = x.years + Math.floor(x.months / 12), months = x.months % 12, n = years + (months >= 6 ? 1 : months > 0 ? 0.5 : 0), wage = x.wage, capped = false;
    if (x.average && wage > 3 * x.average) { wage = 3 * x.average; n = Math.min(n, 12); capped = true; }
    var base = cents(n * wage);
    return { n: n, wage: wage, capped: capped, total: cents(x.reason === "2n" ? base * 2 : x.reason === "n1" ? base + (x.last || x.wage) : base) };
  }
  /** @param {{wage: number, workday: number, restday: number, holiday: number}} x Hours of overtime in a month. */
  function overtime(x) {
    var hour = x.wage / 21.75 / 8;
    return { hour: cents(hour), workday: cents(hour * 1.5 * x.workday), restday: cents(hour * 2 * x.restday), holiday: cents(hour * 3 * x.holiday), total: cents(hour * (1.5 * x.workday + 2 * x.restday + 3 * x.holiday)) };
  }
  /** @param {{years: number, wage: number, taken: number, left?: string}} x `left`: the day the work ended, if it ended this year. */
  function annualLeave(x) {
    var days = x.years < 1 ? 0 : x.years < 10 ? 5 : x.years < 20 ? 10 : 15, due = days, left = day(x.left || "");
    if (left) { var passed = Math.round((left.getTime() - Date.UTC(left.getUTCFullYear(), 0, 1, 12)) / 864e5) + 1; due = Math.floor(passed / 365 * days); }
    var open = Math.max(0, due - x.taken), daily = x.wage / 21.75;
    return { days: days, due: due, open: open, extra: cents(open * daily * 2), all: cents(open * daily * 3) };
  }
  /** @param {{principal: number, rate: number, signed: string, days: number}} x @param {{date: string, one_year: number}[]} rates @returns {{lpr: number, since: string, cap: number, counted: number, interest: number, over: number} | null} Null where no rate is known or the contract is older than the rule. */
  function interestCap(x, rates) {
    if (!x.signed || x.signed < "2020-08-20") return null;
    var known = rates.filter(function (r) { return String(r.date) <= x.signed; }).sort(function (a, b) { return a.date < b.date ? -1 : 1; }).pop();
    if (!known) return null;
    var cap = cents(known.one_year * 4), counted = Math.min(x.rate, cap), per = x.principal * x.days / 365 / 100;
    return { lpr: known.one_year, since: String(known.date), cap: cap, counted: counted, interest: cents(per * counted), over: cents(Math.max(0, per * (x.rate - cap))) };
  }
  /** @param {{known: string, renewed?: string, harmed?: string}} x @returns {{last: string, moved: boolean, longest: string | null} | null} The last day of the three years; `moved` from a weekend to Monday. */
  function limitation(x) {
    var from = day(x.renewed || "") || day(x.known); if (!from) return null;
    var last = after(from, 3), moved = false, harmed = day(x.harmed || ""), longest = harmed ? after(harmed, 20) : null;
    while (last.getUTCDay() === 0 || last.getUTCDay() === 6) { last = new Date(last.getTime() + 864e5); moved = true; }
    if (longest && longest < last) { last = longest; moved = false; }
    return { last: iso(last), moved: moved, longest: longest && iso(longest) };
  }
  /** @type {Record<string, any>} */
  var all = { "court-fee": courtFee, compensation: compensation, overtime: overtime, "annual-leave": annualLeave, "interest-cap": interestCap, limitation: limitation };
  if (typeof window === "undefined") { /** @type {any} */ (globalThis).calculators = all; return; }

  // ---- on the page ----
  var pufa = /** @type {any} */ (window).pufa, make = pufa.make;
  pufa.calculators = all;
  pufa.load("strings").then(function () { document.querySelectorAll("[data-calculator]").forEach(start); });
  /** @param {number} n */
  function yuan(n) { return pufa.t("calculator.yuan", { n: n.toLocaleString("zh-CN", { minimumFractionDigits: 0, maximumFractionDigits: 2 }) }); }
  /** @param {string} kind @param {any} r @returns {string[] | null} The result, first line first. */
  function lines(kind, r) {
    var t = function (/** @type {string} */ key, /** @type {any} */ blanks = undefined) { return pufa.t("calculator." + kind + "." + key, blanks); };
    if (!r) return null;
    switch (kind) {
      case "court-fee": return [r.low === r.high ? yuan(r.low) : yuan(r.low) + " – " + yuan(r.high)];
      case "compensation": return [yuan(r.total), t("how", { n: r.n, wage: yuan(r.wage) })].concat(r.capped ? [t("capped")] : []);
      case "overtime": return [yuan(r.total), t("how", { hour: yuan(r.hour), workday: yuan(r.workday), restday: yuan(r.restday), holiday: yuan(r.holiday) })];
      case "annual-leave": return [yuan(r.extra), t("how", { days: r.days, due: r.due, open: r.open, all: yuan(r.all) })];
      case "interest-cap": return [t("cap", { cap: r.cap }), t("how", { since: r.since, lpr: r.lpr, interest: yuan(r.interest) })].concat(r.over > 0 ? [t("over", { over: yuan(r.over) })] : []);
      case "limitation": return [r.last].concat(r.moved ? [t("moved")] : [], r.longest ? [t("longest", { date: r.longest })] : []);
      default: return null;
    }
  }
  /** @param {Element} box */
  function start(box) {
    var kind = box.getAttribute("data-calculator") || "", form = box.querySelector("form"), out = box.querySelector("output"), rates = [];
    if (!form || !out || !all[kind]) return;
    var need = { "court-fee": [], compensation: ["wage"], overtime: ["wage"], "annual-leave": ["wage", "years"], "interest-cap": ["principal", "rate", "signed"], limitation: ["known"] }[kind] || [];
    try { rates = JSON.parse(box.getAttribute("data-rates") || "[]"); } catch (e) { /* no table: no answer */ }
    var show = function () {
      /** @type {Record<string, any>} */
      var x = {}, missing = false;
      if (!form || !out) return;
      form.querySelectorAll("input, select").forEach(function (e) {
        var f = /** @type {HTMLInputElement} */ (e);
        x[f.name] = f.type === "checkbox" ? f.checked : f.type === "number" ? Math.max(0, +f.value || 0) : f.value;
        if (need.indexOf(f.name) >= 0 && !f.value) missing = true;
      });
      out.textContent = "";
      var text = missing ? null : lines(kind, all[kind](x, rates));
      if (missing) out.append(pufa.t("calculator.missing", {}));
      else if (!text) out.append(pufa.t("calculator." + kind + ".none", {}));
      else text.forEach(function (line, i) { if (i && out) out.append(make("br", "")); if (out) out.append(make(i ? "span" : "strong", line)); });
    };
    form.addEventListener("input", show);
    form.addEventListener("submit", function (event) { event.preventDefault(); show(); });
    show();
  }
})();
