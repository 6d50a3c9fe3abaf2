// Calculators: pure functions that work out an amount or a day, step by step, and the forms that ask for them.
// The rules they follow are shown as text on the same page (src/render/calculator.rs); the two are changed together.
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

  // ---- reading and writing numbers and days ----

  /** @param {unknown} text @returns {string} */
  function half(text) {
    return String(text === undefined || text === null ? "" : text)
      .replace(/[０-９．％－，]/g, function (c) { return String.fromCharCode(c.charCodeAt(0) - 0xfee0); })
      .replace(/[\s,￥¥]/g, "");
  }

  /**
   * A number that is not negative; `undefined` when nothing was written.
   * @param {Record<string, unknown>} answers @param {string} name @param {string} label
   * @returns {number | undefined}
   */
  function number(answers, name, label) {
    const text = half(answers[name]).replace(/(?:%|小时|天|年|个月)$/, "");
    if (text === "") return undefined;
    if (!/^\d+(?:\.\d+)?$/.test(text)) throw new Problem(name, label + "：请填数字。");
    return Number(text);
  }

  /**
   * An amount in fen; 元 and 万元 may stand behind it.
   * @param {Record<string, unknown>} answers @param {string} name @param {string} label
   * @returns {number | undefined}
   */
  function money(answers, name, label) {
    const found = /^(\d+)(?:\.(\d+))?(万)?元?$/.exec(half(answers[name]));
    if (half(answers[name]) === "") return undefined;
    if (!found) throw new Problem(name, label + "：请填金额，如 12000 或 1.2万。");
    // Digits are moved, not multiplied: 1.15 has no exact form in binary.
    const places = found[3] ? 6 : 2;
    const fraction = (found[2] || "").slice(0, places + 1).padEnd(places + 1, "0");
    const fen = Math.round(Number(found[1] + fraction) / 10);
    if (fen > 1e14) throw new Problem(name, label + "：数目太大。");
    return fen;
  }

  /**
   * @template T
   * @param {T | undefined} value @param {string} name @param {string} label
   * @returns {T}
   */
  function needed(value, name, label) {
    if (value === undefined) throw new Problem(name, "请填" + label + "。");
    return value;
  }

  /**
   * @param {Record<string, unknown>} answers @param {string} name @param {string} label
   * @returns {Day | undefined}
   */
  function date(answers, name, label) {
    const text = half(answers[name]);
    if (text === "") return undefined;
    const found = /^(\d{4})(?:-|\/|\.|年)(\d{1,2})(?:-|\/|\.|月)(\d{1,2})日?$/.exec(text);
    const day = found ? { year: +found[1], month: +found[2], day: +found[3] } : undefined;
    if (!day || day.month < 1 || day.month > 12 || day.day < 1 || day.day > daysIn(day.year, day.month)) {
      throw new Problem(name, label + "：请填日期，如 2026-03-05。");
    }
    return day;
  }

  /** Yuan with separators and without useless zeros: 1,234.5 is `1,234.50`, 1,000 is `1,000`. @param {number} fen */
  function yuan(fen) {
    const rounded = Math.round(fen);
    const whole = String(Math.floor(rounded / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
    const rest = rounded % 100;
    return whole + (rest ? "." + String(rest).padStart(2, "0") : "") + " 元";
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
    return day.year + "年" + day.month + "月" + day.day + "日";
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
    return yuans % 10000 === 0 ? yuans / 10000 + "万元" : yuans + "元";
  }

  /** The fee for an amount in fen, in fen; says how in `steps`. @param {Scale} scale @param {number} fen @param {string[]} steps */
  function byBands(scale, fen, steps) {
    let fee = scale.base * 100;
    if (scale.base) steps.push("不超过" + round(scale.from) + "：" + scale.base + " 元");
    let low = scale.from;
    for (const [high, rate] of scale.bands) {
      const part = Math.min(fen, high * 100) - low * 100;
      if (part <= 0) break;
      const share = (part * rate) / 10000;
      const band = high === Infinity ? "超过" + round(low) + "的部分" : "超过" + round(low) + "至" + round(high) + "的部分";
      steps.push(band + "：" + yuan(part) + " × " + plain(rate / 100, 2) + "% ＝ " + yuan(share));
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
    const label = "金额";
    const amount = money(answers, "amount", label);
    /** @type {string[]} */
    const steps = [];
    let low = 0;
    let high = 0;
    let halved = Boolean(answers.half);
    switch (kind) {
      case "property":
        low = high = byBands(PROPERTY, needed(amount, "amount", label), steps);
        break;
      case "payment-order": {
        const whole = byBands(PROPERTY, needed(amount, "amount", label), steps);
        low = high = Math.round(whole / 3);
        steps.push("支付令按三分之一：" + yuan(whole) + " ÷ 3 ＝ " + yuan(low));
        break;
      }
      case "enforcement":
        if (amount === undefined) {
          low = 5000;
          high = 50000;
          steps.push("没有执行金额的，每件 50 元至 500 元");
        } else low = high = byBands(ENFORCEMENT, amount, steps);
        break;
      case "preservation": {
        const whole = byBands(PRESERVATION, amount || 0, steps);
        low = high = Math.min(whole, 500000);
        if (whole > low) steps.push("最多 5,000 元");
        break;
      }
      case "divorce":
      case "personality": {
        const divorce = kind === "divorce";
        steps.push(divorce ? "每件 50 元至 300 元" : "每件 100 元至 500 元");
        const more = byBands(divorce ? DIVORCE : PERSONALITY, amount || 0, steps);
        low = (divorce ? 5000 : 10000) + more;
        high = (divorce ? 30000 : 50000) + more;
        break;
      }
      case "labour":
        low = high = 1000;
        steps.push("劳动争议每件 10 元");
        break;
      case "administrative":
        low = 5000;
        high = 10000;
        steps.push("一般每件 50 元；商标、专利、海事行政案件每件 100 元");
        break;
      default:
        throw new Problem("kind", "请选择事项。");
    }
    if (kind === "payment-order" || kind === "enforcement" || kind === "preservation") halved = false;
    if (halved) {
      low = Math.round(low / 2);
      high = Math.round(high / 2);
      steps.push("减半交纳");
    }
    return { figure: low === high ? yuan(low) : yuan(low) + " 至 " + yuan(high), steps: steps, low: low, high: high };
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
    const start = needed(date(answers, "start", "入职日期"), "start", "入职日期");
    const end = needed(date(answers, "end", "离职日期"), "end", "离职日期");
    if (ordinal(end) < ordinal(start)) throw new Problem("end", "离职日期在入职日期之前。");
    const wage = needed(money(answers, "wage", "平均月工资"), "wage", "平均月工资");
    const average = money(answers, "average", "职工月平均工资");
    const last = money(answers, "last", "上一个月的工资");
    let years = serviceYears(start, end);
    let base = wage;
    const steps = ["年限：" + dayText(start) + "至" + dayText(end) + "，合 " + years + " 个月工资"];
    if (average && wage > 3 * average) {
      base = 3 * average;
      steps.push("月工资高于平均工资的三倍，按 3 × " + yuan(average) + " ＝ " + yuan(base) + " 算");
      if (years > 12) {
        years = 12;
        steps.push("年限最多十二年");
      }
    }
    const compensation = base * years;
    steps.push("N ＝ " + yuan(base) + " × " + years + " ＝ " + yuan(compensation));
    let total = compensation;
    const mode = String(answers.mode || "n");
    if (mode === "n1") {
      const notice = last === undefined ? wage : last;
      total = compensation + notice;
      steps.push("另付一个月工资：" + yuan(notice) + "，共 " + yuan(total));
    } else if (mode === "2n") {
      total = compensation * 2;
      steps.push("赔偿金是二倍：" + yuan(compensation) + " × 2 ＝ " + yuan(total));
    } else if (mode !== "n") throw new Problem("mode", "请选择情形。");
    if (start.year < 2008) steps.push("2008年1月1日以前的年限按当时的规定，可能与此不同");
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
    const wage = needed(money(answers, "wage", "月工资"), "wage", "月工资");
    /** @type {[string, string, number][]} */
    const kinds = [["weekday", "工作日", 150], ["rest", "休息日", 200], ["holiday", "法定休假日", 300]];
    const steps = ["小时工资：" + yuan(wage) + " ÷ 21.75 ÷ 8 ＝ " + yuan(wage / 174)];
    let total = 0;
    let hours = 0;
    for (const [name, label, percent] of kinds) {
      const count = number(answers, name, label + "加班小时数") || 0;
      if (!count) continue;
      const pay = (wage * count * percent) / 17400;
      steps.push(label + "：小时工资 × " + plain(count, 2) + " 小时 × " + percent + "% ＝ " + yuan(pay));
      total += pay;
      hours += count;
    }
    if (!hours) throw new Problem("weekday", "请填加班的小时数。");
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
    const years = needed(number(answers, "years", "累计工作年数"), "years", "累计工作年数");
    const wage = needed(money(answers, "wage", "月工资"), "wage", "月工资");
    const taken = needed(number(answers, "taken", "已经休的天数"), "taken", "已经休的天数");
    const joined = date(answers, "joined", "入职日期");
    const left = date(answers, "left", "离职日期");
    const whole = years < 1 ? 0 : years < 10 ? 5 : years < 20 ? 10 : 15;
    /** @type {string[]} */
    const steps = ["全年应有 " + whole + " 天"];
    if (whole === 0) steps.push("累计工作不满一年，还没有年休假");
    let due = whole;
    if (joined && left && ordinal(left) < ordinal(joined)) throw new Problem("left", "离职日期在入职日期之前。");
    if (joined && left && joined.year !== left.year) throw new Problem("joined", "入职日期只在今年入职时填。");
    if (left) {
      const first = joined || { year: left.year, month: 1, day: 1 };
      const passed = ordinal(left) - ordinal(first) + 1;
      due = (passed * whole) / 365;
      steps.push("到离职已过 " + passed + " 天：" + passed + " ÷ 365 × " + whole + " ＝ " + plain(due, 2) + " 天");
    } else if (joined) {
      const remaining = ordinal({ year: joined.year, month: 12, day: 31 }) - ordinal(joined) + 1;
      due = Math.floor((remaining * whole) / 365);
      steps.push("入职到年底 " + remaining + " 天：" + remaining + " ÷ 365 × " + whole + "，取整 " + due + " 天");
    }
    const days = Math.max(0, Math.floor(due - taken + 1e-9));
    steps.push("没有休的：" + plain(due, 2) + " － " + plain(taken, 2) + "，取整 " + days + " 天");
    const daily = wage / 21.75;
    const total = Math.round(daily * days * 3);
    const extra = Math.round(daily * days * 2);
    steps.push("日工资：" + yuan(wage) + " ÷ 21.75 ＝ " + yuan(daily));
    steps.push("300%：" + yuan(daily) + " × " + days + " × 3 ＝ " + yuan(total));
    steps.push("正常工资已经发了的，还应另付两倍：" + yuan(extra));
    return { figure: yuan(total) + "（其中另付 " + yuan(extra) + "）", steps: steps, low: extra, high: total };
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
    const principal = needed(money(answers, "principal", "本金"), "principal", "本金");
    const rate = needed(number(answers, "rate", "年利率"), "rate", "年利率");
    const contract = needed(date(answers, "contract", "合同成立的日期"), "contract", "合同成立的日期");
    let from = needed(date(answers, "from", "起算日"), "from", "起算日");
    const to = needed(date(answers, "to", "截止日"), "to", "截止日");
    const sued = date(answers, "sued", "起诉的日期");
    const old = ordinal(contract) < ordinal(FOUR_TIMES);
    if (old && !sued) throw new Problem("sued", "2020年8月20日以前借的，请填起诉的日期。");
    const basis = old && sued ? sued : contract;
    if (ordinal(basis) < ordinal(FOUR_TIMES)) throw new Problem("sued", "2020年8月20日以前起诉的，不适用四倍的上限。");
    const prime = rateOn(table.rates, basis);
    if (prime === undefined) throw new Problem("contract", "利率表里没有这一天的利率。");
    if (ordinal(to) < ordinal(from)) throw new Problem("to", "截止日在起算日之前。");
    const cap = (Math.round(prime * 100) * 4) / 100;
    const steps = [
      dayText(basis) + "的一年期 LPR 是 " + prime.toFixed(2) + "%，四倍是 " + cap.toFixed(2) + "%",
      rate > cap
        ? "约定的年利率 " + plain(rate, 4) + "% 超过上限，按 " + cap.toFixed(2) + "% 算"
        : "约定的年利率 " + plain(rate, 4) + "% 没有超过上限，按约定算",
    ];
    if (old && ordinal(from) < ordinal(FOUR_TIMES)) {
      from = FOUR_TIMES;
      steps.push("2020年8月19日以前的利息可以请求按当时的规定算，这里从2020年8月20日算起");
      if (ordinal(to) < ordinal(from)) throw new Problem("to", "这段利息都在2020年8月20日以前。");
    }
    const days = ordinal(to) - ordinal(from);
    const used = Math.min(rate, cap);
    const interest = Math.round((principal * used * days) / 36500);
    steps.push(yuan(principal) + " × " + plain(used, 4) + "% × " + days + " 天 ÷ 365 ＝ " + yuan(interest));
    if (table.checked && ordinal(basis) > ordinal(needed(date({ day: table.checked }, "day", ""), "day", ""))) {
      steps.push("利率表只核对到" + table.checked + "，请看其后公布的利率有没有变");
    }
    return { figure: yuan(interest) + "（上限年利率 " + cap.toFixed(2) + "%）", steps: steps, low: interest, high: interest };
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

  /**
   * 民法典 188, 195, 201–203 and the periods of other laws.
   * @param {Record<string, unknown>} answers kind, known, interrupted, harmed
   * @returns {Result}
   */
  function limitation(answers) {
    const kind = String(answers.kind || "general");
    const period = Object.prototype.hasOwnProperty.call(PERIODS, kind) ? PERIODS[kind] : undefined;
    if (!period) throw new Problem("kind", "请选择事项。");
    let start = needed(date(answers, "known", "起算日期"), "known", "起算日期");
    const interrupted = date(answers, "interrupted", "催要的日期");
    const harmed = date(answers, "harmed", "权利受到损害的日期");
    const length = period.days ? period.days + "日" : Number(period.months) % 12 ? period.months + "个月" : Number(period.months) / 12 + "年";
    const steps = [dayText(start) + "的当天不算，期间" + length];
    if (interrupted && ordinal(interrupted) > ordinal(start)) {
      if (!period.renews) steps.push("这项期限不因催要重新计算");
      else if (ordinal(interrupted) > ordinal(periodEnd(start, period))) {
        steps.push(dayText(interrupted) + "已经过了期限（" + dayText(periodEnd(start, period)) + "），不再重新计算；对方同意履行的除外");
      } else {
        start = interrupted;
        steps.push("从" + dayText(interrupted) + "起重新计算");
      }
    }
    let end = periodEnd(start, period);
    if (kind === "general" && harmed) {
      const latest = monthsOn(harmed, 240);
      if (ordinal(latest) < ordinal(end)) {
        end = latest;
        steps.push("自权利受到损害起满二十年是" + dayText(latest) + "，以此为限；有特殊情况的可以申请法院延长");
      }
    }
    const weekday = (ordinal(end) + 4) % 7;
    if (weekday === 0 || weekday === 6) {
      const next = ofOrdinal(ordinal(end) + (weekday === 6 ? 2 : 1));
      steps.push(dayText(end) + "是星期" + (weekday === 6 ? "六" : "日") + "，顺延到" + dayText(next));
      end = next;
    }
    steps.push("最后一天遇到法定节假日的，也顺延到假日结束的次日；请对照当年的放假安排");
    return { figure: dayText(end), steps: steps, day: end };
  }

  const pure = {
    "court-fee": courtFee,
    compensation: compensationDue,
    overtime: overtime,
    "annual-leave": annualLeave,
    "interest-cap": interestCap,
    limitation: limitation,
  };

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
    if (!form || !output || !Object.prototype.hasOwnProperty.call(pure, name)) return;
    const table = { rates: JSON.parse(section.dataset.rates || "[]"), checked: section.dataset.ratesChecked };
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      for (const control of Array.from(form.elements)) control.removeAttribute("aria-invalid");
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
    scope.pufa.calculator = pure;
    const start = function () {
      document.querySelectorAll("[data-calculator]").forEach(function (section) {
        if (section instanceof HTMLElement) attach(section);
      });
    };
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
    else start();
  }
  // @ts-ignore the tests run it in Node
  if (typeof module !== "undefined") module.exports = pure;
})();
