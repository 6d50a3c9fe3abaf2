// Calculators: pure functions that work out an amount or a day, step by step, and the forms that ask for them.
// The rules they follow are shown as text on the same page (src/render/calculator/); the two are changed together.
// Their words are those of the page's language: `{ labels, says }` of the theme's strings.
(function () {
  "use strict";

  /**
   * @typedef {{ year: number, month: number, day: number }} Day
   * @typedef {{ figure: string, steps: string[], low?: number, high?: number, day?: Day }} Result
   *   `low` and `high` are amounts in fen.
   */

  /** Thrown for an answer that can't be used; `field` is its name. */
  class Problem extends Error {
    /** @param {string} field @param {string} message */
    constructor(field, message) {
      super(message);
      this.field = field;
    }
  }

  /**
   * The calculators in a language. `labels` has the names of what is asked, by calculator or for the one on the page;
   * `says` has the sentences.
   * @param {{ labels: Record<string, any>, says: Record<string, string> }} words
   */
  function calculators(words) {

    /** A sentence with its places filled. @param {string} key @param {Record<string, string | number>} [places] */
    function say(key, places) {
      return (words.says[key] || key).replace(/\{(\w+)\}/g, function (all, name) { return places && name in places ? String(places[name]) : all; });
    }

    /** What is asked for under a name, without what stands in brackets: 月工资（元）is 月工资. @param {string} name */
    function labelOf(name) {
      return String(words.labels[name] || name).replace(/\s*[（(].*?[)）]\s*$/, "");
    }

    /** @param {string} field @param {string} key @param {Record<string, string | number>} [places] */
    function problem(field, key, places) {
      return new Problem(field, say(key, Object.assign({ label: labelOf(field) }, places)));
    }

    // ---- reading and writing numbers and days ----

    /** @param {unknown} text @returns {string} */
    function half(text) {
      return String(text === undefined || text === null ? "" : text)
        .replace(/[０-９．％－，]/g, function (c) { return String.fromCharCode(c.charCodeAt(0) - 0xfee0); })
        .replace(/[\s,￥¥]/g, "");
    }

    /**
     * A number that is not negative; `undefined` when nothing was written.
     * @param {Record<string, unknown>} answers @param {string} name
     * @returns {number | undefined}
     */
    function number(answers, name) {
      const text = half(answers[name]).replace(/(?:%|小时|天|年|个月)$/, "");
      if (text === "") return undefined;
      if (!/^\d+(?:\.\d+)?$/.test(text)) throw problem(name, "bad_number");
      return Number(text);
    }

    /**
     * An amount in fen; 元 and 万元 may stand behind it.
     * @param {Record<string, unknown>} answers @param {string} name
     * @returns {number | undefined}
     */
    function money(answers, name) {
      const found = /^(\d+)(?:\.(\d+))?(万)?元?$/.exec(half(answers[name]));
      if (half(answers[name]) === "") return undefined;
      if (!found) throw problem(name, "bad_amount");
      // Digits are moved, not multiplied: 1.15 has no exact form in binary.
      const places = found[3] ? 6 : 2;
      const fraction = (found[2] || "").slice(0, places + 1).padEnd(places + 1, "0");
      const fen = Math.round(Number(found[1] + fraction) / 10);
      if (fen > 1e14) throw problem(name, "too_large");
      return fen;
    }

    /**
     * @template T
     * @param {T | undefined} value @param {string} name
     * @returns {T}
     */
    function needed(value, name) {
      if (value === undefined) throw problem(name, "missing");
      return value;
    }

    /**
     * @param {Record<string, unknown>} answers @param {string} name
     * @returns {Day | undefined}
     */
    function date(answers, name) {
      const text = half(answers[name]);
      if (text === "") return undefined;
      const found = /^(\d{4})(?:-|\/|\.|年)(\d{1,2})(?:-|\/|\.|月)(\d{1,2})日?$/.exec(text);
      const day = found ? { year: +found[1], month: +found[2], day: +found[3] } : undefined;
      if (!day || day.month < 1 || day.month > 12 || day.day < 1 || day.day > daysIn(day.year, day.month)) {
        throw problem(name, "bad_day");
      }
      return day;
    }

    /** With separators: 1,000. @param {number} whole */
    function grouped(whole) {
      return String(whole).replace(/\B(?=(\d{3})+$)/g, ",");
    }

    /** Yuan with separators and without useless zeros: 1,234.5 is `1,234.50`, 1,000 is `1,000`. @param {number} fen */
    function yuan(fen) {
      const rounded = Math.round(fen);
      const rest = rounded % 100;
      return say("yuan", { n: grouped(Math.floor(rounded / 100)) + (rest ? "." + String(rest).padStart(2, "0") : "") });
    }

    /** At most `places` digits behind the point. @param {number} value @param {number} places */
    function plain(value, places) {
      return String(Number(value.toFixed(places)));
    }

    /** @param {number} year @param {number} month */
    function daysIn(year, month) {
      return new Date(Date.UTC(year, month, 0)).getUTCDate();
    }

    /** Days since 1970. @param {Day} day */
    function ordinal(day) {
      return Math.round(Date.UTC(day.year, day.month - 1, day.day) / 86400000);
    }

    /** @param {number} days @returns {Day} */
    function ofOrdinal(days) {
      const at = new Date(days * 86400000);
      return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
    }

    /** The same day some months on, or the last of that month where it has no such day. @param {Day} day @param {number} months @returns {Day} */
    function monthsOn(day, months) {
      const count = day.year * 12 + day.month - 1 + months;
      const year = Math.floor(count / 12);
      const month = (count % 12) + 1;
      return { year: year, month: month, day: Math.min(day.day, daysIn(year, month)) };
    }

    /** @param {Day} day */
    function dayText(day) {
      const two = function (/** @type {number} */ n) { return String(n).padStart(2, "0"); };
      return say("day", { year: day.year, month: day.month, day: day.day, month_2: two(day.month), day_2: two(day.day) });
    }

    // ---- court fees ----

    /**
     * The bands of a fee: up to how many yuan, and how many ten-thousandths of what lies in the band.
     * @typedef {{ base: number, from: number, bands: [number, number][] }} Scale
     */

    /** @type {Scale} */
    const PROPERTY = {
      base: 50, from: 10000,
      bands: [[100000, 250], [200000, 200], [500000, 150], [1000000, 100], [2000000, 90], [5000000, 80], [10000000, 70], [20000000, 60], [Infinity, 50]],
    };
    /** @type {Scale} */
    const ENFORCEMENT = { base: 50, from: 10000, bands: [[500000, 150], [5000000, 100], [10000000, 50], [Infinity, 10]] };
    /** @type {Scale} */
    const PRESERVATION = { base: 30, from: 1000, bands: [[100000, 100], [Infinity, 50]] };
    /** @type {Scale} */
    const DIVORCE = { base: 0, from: 200000, bands: [[Infinity, 50]] };
    /** @type {Scale} */
    const PERSONALITY = { base: 0, from: 50000, bands: [[100000, 100], [Infinity, 50]] };

    /** @param {number} yuans */
    function round(yuans) {
      const many = yuans % 10000 === 0;
      return say(many ? "wan" : "plain_yuan", { n: many ? yuans / 10000 : yuans, yuan: grouped(yuans) });
    }

    /** The fee for an amount in fen, in fen; says how in `steps`. @param {Scale} scale @param {number} fen @param {string[]} steps */
    function byBands(scale, fen, steps) {
      let fee = scale.base * 100;
      if (scale.base) steps.push(say("up_to", { to: round(scale.from), fee: yuan(scale.base * 100) }));
      let low = scale.from;
      for (const [high, rate] of scale.bands) {
        const part = Math.min(fen, high * 100) - low * 100;
        if (part <= 0) break;
        const share = (part * rate) / 10000;
        const places = { from: round(low), to: round(high), part: yuan(part), rate: plain(rate / 100, 2), share: yuan(share) };
        steps.push(say(high === Infinity ? "band_above" : "band", places));
        fee += share;
        low = high;
      }
      return Math.round(fee);
    }

    /**
     * 诉讼费用交纳办法 13–16.
     * @param {Record<string, unknown>} answers kind, amount, half
     * @returns {Result}
     */
    function courtFee(answers) {
      const kind = String(answers.kind || "property");
      const amount = money(answers, "amount");
      /** @type {string[]} */
      const steps = [];
      let low = 0;
      let high = 0;
      let halved = Boolean(answers.half);
      switch (kind) {
        case "property":
          low = high = byBands(PROPERTY, needed(amount, "amount"), steps);
          break;
        case "payment-order": {
          const whole = byBands(PROPERTY, needed(amount, "amount"), steps);
          low = high = Math.round(whole / 3);
          steps.push(say("third", { whole: yuan(whole), fee: yuan(low) }));
          break;
        }
        case "enforcement":
          if (amount === undefined) {
            low = 5000;
            high = 50000;
            steps.push(say("no_amount", { low: yuan(low), high: yuan(high) }));
          } else low = high = byBands(ENFORCEMENT, amount, steps);
          break;
        case "preservation": {
          const whole = byBands(PRESERVATION, amount || 0, steps);
          low = high = Math.min(whole, 500000);
          if (whole > low) steps.push(say("at_most", { fee: yuan(low) }));
          break;
        }
        case "divorce":
        case "personality": {
          const divorce = kind === "divorce";
          low = divorce ? 5000 : 10000;
          high = divorce ? 30000 : 50000;
          steps.push(say("each", { low: yuan(low), high: yuan(high) }));
          const more = byBands(divorce ? DIVORCE : PERSONALITY, amount || 0, steps);
          low += more;
          high += more;
          break;
        }
        case "labour":
          low = high = 1000;
          steps.push(say("labour_fee", { fee: yuan(low) }));
          break;
        case "administrative":
          low = 5000;
          high = 10000;
          steps.push(say("administrative_fee", { low: yuan(low), high: yuan(high) }));
          break;
        default:
          throw problem("kind", "choose");
      }
      if (kind === "payment-order" || kind === "enforcement" || kind === "preservation") halved = false;
      if (halved) {
        low = Math.round(low / 2);
        high = Math.round(high / 2);
        steps.push(say("halved"));
      }
      return { figure: low === high ? yuan(low) : say("range", { low: yuan(low), high: yuan(high) }), steps: steps, low: low, high: high };
    }

    // ---- compensation at the end of work ----

    /** Months of pay for the time worked, both days counted. @param {Day} start @param {Day} end */
    function serviceYears(start, end) {
      const after = ordinal(end) + 1;
      let years = 0;
      while (ordinal(monthsOn(start, 12 * (years + 1))) <= after) years += 1;
      const rest = after - ordinal(monthsOn(start, 12 * years));
      if (rest <= 0) return years;
      return ordinal(monthsOn(start, 12 * years + 6)) <= after ? years + 1 : years + 0.5;
    }

    /**
     * 劳动合同法 40, 46, 47, 87.
     * @param {Record<string, unknown>} answers mode, start, end, wage, average, last
     * @returns {Result}
     */
    function compensationDue(answers) {
      const start = needed(date(answers, "start"), "start");
      const end = needed(date(answers, "end"), "end");
      if (ordinal(end) < ordinal(start)) throw problem("end", "wrong_order", { other: labelOf("start") });
      const wage = needed(money(answers, "wage"), "wage");
      const average = money(answers, "average");
      const last = money(answers, "last");
      let years = serviceYears(start, end);
      let base = wage;
      const steps = [say("service", { start: dayText(start), end: dayText(end), months: years })];
      if (average && wage > 3 * average) {
        base = 3 * average;
        steps.push(say("three_times", { average: yuan(average), base: yuan(base) }));
        if (years > 12) {
          years = 12;
          steps.push(say("twelve_years"));
        }
      }
      const compensation = base * years;
      steps.push(say("n", { base: yuan(base), months: years, total: yuan(compensation) }));
      let total = compensation;
      const mode = String(answers.mode || "n");
      if (mode === "n1") {
        const notice = last === undefined ? wage : last;
        total = compensation + notice;
        steps.push(say("notice_pay", { notice: yuan(notice), total: yuan(total) }));
      } else if (mode === "2n") {
        total = compensation * 2;
        steps.push(say("double", { n: yuan(compensation), total: yuan(total) }));
      } else if (mode !== "n") throw problem("mode", "choose");
      if (start.year < 2008) steps.push(say("before_2008"));
      total = Math.round(total);
      return { figure: yuan(total), steps: steps, low: total, high: total };
    }

    // ---- overtime ----

    /**
     * 劳动法 44; hourly pay is the monthly pay divided by 21.75 days of 8 hours.
     * @param {Record<string, unknown>} answers wage, weekday, rest, holiday
     * @returns {Result}
     */
    function overtime(answers) {
      const wage = needed(money(answers, "wage"), "wage");
      /** @type {[string, number][]} */
      const kinds = [["weekday", 150], ["rest", 200], ["holiday", 300]];
      const steps = [say("hourly", { wage: yuan(wage), hour: yuan(wage / 174) })];
      let total = 0;
      let hours = 0;
      for (const [name, percent] of kinds) {
        const count = number(answers, name) || 0;
        if (!count) continue;
        const pay = (wage * count * percent) / 17400;
        steps.push(say("hours", { label: labelOf(name), n: plain(count, 2), percent: percent, pay: yuan(pay) }));
        total += pay;
        hours += count;
      }
      if (!hours) throw problem("weekday", "no_hours");
      total = Math.round(total);
      return { figure: yuan(total), steps: steps, low: total, high: total };
    }

    // ---- annual leave ----

    /**
     * 职工带薪年休假条例 3, 5; 企业职工带薪年休假实施办法 5, 10–12.
     * @param {Record<string, unknown>} answers years, wage, taken, joined, left
     * @returns {Result}
     */
    function annualLeave(answers) {
      const years = needed(number(answers, "years"), "years");
      const wage = needed(money(answers, "wage"), "wage");
      const taken = needed(number(answers, "taken"), "taken");
      const joined = date(answers, "joined");
      const left = date(answers, "left");
      const whole = years < 1 ? 0 : years < 10 ? 5 : years < 20 ? 10 : 15;
      /** @type {string[]} */
      const steps = [say("whole_leave", { days: whole })];
      if (whole === 0) steps.push(say("no_leave"));
      let due = whole;
      if (joined && left && ordinal(left) < ordinal(joined)) throw problem("left", "wrong_order", { other: labelOf("joined") });
      if (joined && left && joined.year !== left.year) throw problem("joined", "other_year");
      if (left) {
        const first = joined || { year: left.year, month: 1, day: 1 };
        const passed = ordinal(left) - ordinal(first) + 1;
        due = (passed * whole) / 365;
        steps.push(say("leave_passed", { passed: passed, whole: whole, due: plain(due, 2) }));
      } else if (joined) {
        const remaining = ordinal({ year: joined.year, month: 12, day: 31 }) - ordinal(joined) + 1;
        due = Math.floor((remaining * whole) / 365);
        steps.push(say("leave_remaining", { remaining: remaining, whole: whole, due: due }));
      }
      const days = Math.max(0, Math.floor(due - taken + 1e-9));
      steps.push(say("leave_left", { due: plain(due, 2), taken: plain(taken, 2), days: days }));
      const daily = wage / 21.75;
      const total = Math.round(daily * days * 3);
      const extra = Math.round(daily * days * 2);
      steps.push(say("daily", { wage: yuan(wage), daily: yuan(daily) }));
      steps.push(say("leave_pay", { daily: yuan(daily), days: days, total: yuan(total) }));
      steps.push(say("leave_extra", { extra: yuan(extra) }));
      return { figure: say("leave_figure", { total: yuan(total), extra: yuan(extra) }), steps: steps, low: extra, high: total };
    }

    // ---- interest of private loans ----

    /** The first day of the rule of four times the rate. */
    const FOUR_TIMES = { year: 2020, month: 8, day: 20 };

    /** @param {[string, number][]} rates @param {Day} day @returns {number | undefined} */
    function rateOn(rates, day) {
      /** @type {number | undefined} */
      let found;
      for (const [from, rate] of rates) {
        const parts = from.split("-").map(Number);
        if (ordinal({ year: parts[0], month: parts[1], day: parts[2] }) <= ordinal(day)) found = rate;
      }
      return found;
    }

    /**
     * 审理民间借贷案件的规定 25, 31.
     * @param {Record<string, unknown>} answers principal, rate, contract, from, to, sued
     * @param {{ rates: [string, number][], checked?: string }} table
     * @returns {Result}
     */
    function interestCap(answers, table) {
      const principal = needed(money(answers, "principal"), "principal");
      const rate = needed(number(answers, "rate"), "rate");
      const contract = needed(date(answers, "contract"), "contract");
      let from = needed(date(answers, "from"), "from");
      const to = needed(date(answers, "to"), "to");
      const sued = date(answers, "sued");
      const old = ordinal(contract) < ordinal(FOUR_TIMES);
      if (old && !sued) throw problem("sued", "need_sued");
      const basis = old && sued ? sued : contract;
      if (ordinal(basis) < ordinal(FOUR_TIMES)) throw problem("sued", "old_suit");
      const prime = rateOn(table.rates, basis);
      if (prime === undefined) throw problem("contract", "no_rate");
      if (ordinal(to) < ordinal(from)) throw problem("to", "wrong_order", { other: labelOf("from") });
      const cap = (Math.round(prime * 100) * 4) / 100;
      const steps = [
        say("cap", { day: dayText(basis), rate: prime.toFixed(2), cap: cap.toFixed(2) }),
        say(rate > cap ? "above_cap" : "below_cap", { rate: plain(rate, 4), cap: cap.toFixed(2) }),
      ];
      if (old && ordinal(from) < ordinal(FOUR_TIMES)) {
        from = FOUR_TIMES;
        steps.push(say("from_cap"));
        if (ordinal(to) < ordinal(from)) throw problem("to", "all_before_cap");
      }
      const days = ordinal(to) - ordinal(from);
      const used = Math.min(rate, cap);
      const interest = Math.round((principal * used * days) / 36500);
      steps.push(say("interest", { principal: yuan(principal), rate: plain(used, 4), days: days, interest: yuan(interest) }));
      if (table.checked && ordinal(basis) > ordinal(needed(date({ day: table.checked }, "day"), "day"))) {
        steps.push(say("unchecked", { day: table.checked }));
      }
      return { figure: say("interest_figure", { interest: yuan(interest), cap: cap.toFixed(2) }), steps: steps, low: interest, high: interest };
    }

    // ---- periods ----

    /** Months or days of a period, and whether a demand starts it anew. @type {Record<string, { months?: number, days?: number, renews: boolean }>} */
    const PERIODS = {
      general: { months: 36, renews: true },
      labour: { months: 12, renews: true },
      enforcement: { months: 24, renews: true },
      product: { months: 24, renews: true },
      trade: { months: 48, renews: true },
      state: { months: 24, renews: false },
      reconsideration: { days: 60, renews: false },
      administrative: { months: 6, renews: false },
    };

    /** @param {Day} start @param {{ months?: number, days?: number }} period @returns {Day} */
    function periodEnd(start, period) {
      return period.days ? ofOrdinal(ordinal(start) + period.days) : monthsOn(start, period.months || 0);
    }

    /** @param {{ months?: number, days?: number }} period */
    function lengthOf(period) {
      const months = period.months || 0;
      if (period.days) return say("days", { n: period.days });
      return months % 12 ? say("months", { n: months }) : say("years", { n: months / 12 });
    }

    /**
     * 民法典 188, 195, 201–203 and the periods of other laws.
     * @param {Record<string, unknown>} answers kind, known, interrupted, harmed
     * @returns {Result}
     */
    function limitation(answers) {
      const kind = String(answers.kind || "general");
      const period = Object.prototype.hasOwnProperty.call(PERIODS, kind) ? PERIODS[kind] : undefined;
      if (!period) throw problem("kind", "choose");
      let start = needed(date(answers, "known"), "known");
      const interrupted = date(answers, "interrupted");
      const harmed = date(answers, "harmed");
      const steps = [say("period", { day: dayText(start), length: lengthOf(period) })];
      if (interrupted && ordinal(interrupted) > ordinal(start)) {
        if (!period.renews) steps.push(say("never_renewed"));
        else if (ordinal(interrupted) > ordinal(periodEnd(start, period))) {
          steps.push(say("too_late", { day: dayText(interrupted), end: dayText(periodEnd(start, period)) }));
        } else {
          start = interrupted;
          steps.push(say("renewed", { day: dayText(interrupted) }));
        }
      }
      let end = periodEnd(start, period);
      if (kind === "general" && harmed) {
        const latest = monthsOn(harmed, 240);
        if (ordinal(latest) < ordinal(end)) {
          end = latest;
          steps.push(say("twenty_years", { day: dayText(latest) }));
        }
      }
      const weekday = (ordinal(end) + 4) % 7;
      if (weekday === 0 || weekday === 6) {
        const next = ofOrdinal(ordinal(end) + (weekday === 6 ? 2 : 1));
        steps.push(say(weekday === 6 ? "saturday" : "sunday", { day: dayText(end), next: dayText(next) }));
        end = next;
      }
      steps.push(say("holidays"));
      return { figure: dayText(end), steps: steps, day: end };
    }

    return {
      "court-fee": courtFee,
      compensation: compensationDue,
      overtime: overtime,
      "annual-leave": annualLeave,
      "interest-cap": interestCap,
      limitation: limitation,
    };
  }

  // ---- forms ----

  /** @param {HTMLFormElement} form @returns {Record<string, unknown>} */
  function answersOf(form) {
    /** @type {Record<string, unknown>} */
    const answers = {};
    for (const control of Array.from(form.elements)) {
      if (control instanceof HTMLInputElement && control.type === "checkbox") answers[control.name] = control.checked;
      else if (control instanceof HTMLInputElement || control instanceof HTMLSelectElement) answers[control.name] = control.value;
    }
    return answers;
  }

  /** @param {HTMLElement} output @param {Result} result */
  function show(output, result) {
    const figure = document.createElement("strong");
    figure.textContent = result.figure;
    const list = document.createElement("ol");
    for (const step of result.steps) list.appendChild(document.createElement("li")).textContent = step;
    output.replaceChildren(figure, list);
  }

  /** @param {HTMLElement} section */
  function attach(section) {
    const form = section.querySelector("form");
    const output = section.querySelector("output");
    const name = section.dataset.calculator || "";
    const block = section.querySelector("script[data-words]");
    const words = JSON.parse((block && block.textContent) || '{"labels":{},"says":{}}');
    const pure = calculators(words);
    if (!form || !output || !Object.prototype.hasOwnProperty.call(pure, name)) return;
    const table = { rates: JSON.parse(section.dataset.rates || "[]"), checked: section.dataset.ratesChecked };
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      for (const control of Array.from(form.elements)) control.removeAttribute("aria-invalid");
      output.hidden = false;
      try {
        show(output, pure[/** @type {keyof typeof pure} */ (name)](answersOf(form), table));
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        output.textContent = problem.message;
        const control = form.elements.namedItem(problem.field);
        if (control instanceof HTMLElement) {
          control.setAttribute("aria-invalid", "true");
          control.focus();
        }
      }
    });
  }

  if (typeof document !== "undefined") {
    const scope = /** @type {any} */ (window);
    scope.pufa = scope.pufa || {};
    scope.pufa.calculator = calculators;
    const start = function () {
      document.querySelectorAll("[data-calculator]").forEach(function (section) {
        if (section instanceof HTMLElement) attach(section);
      });
    };
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
    else start();
  }
  // @ts-ignore the tests run it in Node
  if (typeof module !== "undefined") module.exports = calculators;
})();
