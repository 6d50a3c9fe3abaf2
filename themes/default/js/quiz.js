// @ts-check
// A quiz: answers are judged here, the score and what to read again are shown. Without this script the answers unfold.
(function () {
  "use strict";
  var pufa = /** @type {any} */ (window).pufa, make = pufa.make;
  pufa.load("strings").then(function () { document.querySelectorAll("[data-quiz]").forEach(start); });

  /** @param {Element} quiz */
  function start(quiz) {
    var t = pufa.t, items = /** @type {HTMLElement[]} */ (Array.prototype.slice.call(quiz.querySelectorAll(".quiz-item")));
    items.forEach(function (item) { if (item.dataset.kind === "order") sortable(item); });
    var foot = make("div", "", "path-tools"), check = make("button", t("quiz.check"), "button"), again = make("button", t("quiz.again"), "button quiet");
    var score = make("div", ""); score.setAttribute("role", "status");
    check.type = again.type = "button"; again.hidden = true;
    check.onclick = function () { judge(items, score); again.hidden = false; };
    again.onclick = function () { clear(items, score); again.hidden = true; };
    foot.append(check, again); quiz.append(score, foot);
  }
  /** @param {HTMLElement} item @returns {boolean | null} Right or wrong; null without an answer. */
  function right(item) {
    if (item.dataset.kind === "order") return Array.prototype.every.call(item.querySelectorAll(".quiz-order > li"), function (li, i) { return +li.dataset.position === i + 1; });
    var inputs = /** @type {HTMLInputElement[]} */ (Array.prototype.slice.call(item.querySelectorAll("input")));
    if (!inputs.some(function (i) { return i.checked; })) return null;
    if (item.dataset.kind === "boolean") return inputs.some(function (i) { return i.checked && i.value === item.dataset.answer; });
    return inputs.every(function (i) { return i.checked === i.hasAttribute("data-correct"); });
  }
  /** @param {HTMLElement[]} items @param {HTMLElement} score */
  function judge(items, score) {
    var t = pufa.t, good = 0, /** @type {HTMLElement[]} */ wrong = [];
    items.forEach(function (item) {
      var ok = right(item), old = item.querySelector(".quiz-result"); if (old) old.remove();
      var p = make("p", t(ok === null ? "quiz.open" : ok ? "quiz.right" : "quiz.wrong"), "quiz-result " + (ok ? "is-right" : "is-wrong"));
      var answer = item.querySelector(".quiz-answer"); if (answer) { answer.before(p); if (!ok) answer.setAttribute("open", ""); }
      item.querySelectorAll("label").forEach(function (label) {
        var input = label.querySelector("input"); if (!input) return;
        var correct = item.dataset.kind === "boolean" ? input.value === item.dataset.answer : input.hasAttribute("data-correct");
        label.classList.toggle("is-right", correct); label.classList.toggle("is-wrong", input.checked && !correct);
      });
      if (ok) good++; else wrong.push(item);
    });
    score.className = "quiz-score"; score.textContent = "";
    score.append(make("p", t("quiz.score", { n: good, total: items.length })));
    if (wrong.length) {
      var p = make("p", t("quiz.reread"));
      var list = make("ul", "");
      wrong.forEach(function (item) {
        var line = make("li", ""), a = make("a", t("quiz.question", { n: items.indexOf(item) + 1 }));
        a.href = "#" + item.id; line.append(a);
        basis(item).forEach(function (link) { line.append(" ", link); });
        list.append(line);
      });
      score.append(p, list);
    }
  }
  /** The laws a question's explanation goes by, each once. @param {HTMLElement} item @returns {Element[]} */
  function basis(item) {
    /** @type {Record<string, boolean>} */
    var seen = {};
    var links = Array.prototype.filter.call(item.querySelectorAll(".quiz-answer a.citation"), function (a) { var known = seen[a.href]; seen[a.href] = true; return !known; });
    return links.map(function (a) { return a.cloneNode(true); });
  }
  /** @param {HTMLElement[]} items @param {HTMLElement} score */
  function clear(items, score) {
    items.forEach(function (item) {
      item.querySelectorAll(".quiz-result").forEach(function (e) { e.remove(); });
      item.querySelectorAll("label").forEach(function (e) { e.classList.remove("is-right", "is-wrong"); });
      item.querySelectorAll("input").forEach(function (e) { e.checked = false; });
      item.querySelectorAll(".quiz-answer").forEach(function (e) { e.removeAttribute("open"); });
    });
    score.textContent = ""; score.className = "";
    items[0].scrollIntoView({ block: "start" }); var first = /** @type {HTMLElement | null} */ (items[0].querySelector("input, button")); if (first) first.focus({ preventScroll: true });
  }
  /** @param {HTMLElement} item Gives each line two buttons, up and down. */
  function sortable(item) {
    var t = pufa.t, list = item.querySelector(".quiz-order"); if (!list) return;
    var states = function () {
      if (list) Array.prototype.forEach.call(list.children, function (li, i, all) { var b = li.querySelectorAll("button"); b[0].disabled = i === 0; b[1].disabled = i === all.length - 1; });
    };
    Array.prototype.slice.call(list.children).forEach(function (li) {
      var text = (li.textContent || "").trim();
      [["up", "↑"], ["down", "↓"]].forEach(function (d) {
        var b = make("button", d[1]); b.type = "button"; b.setAttribute("aria-label", t("quiz." + d[0], { text: text }));
        b.onclick = function () {
          var other = d[0] === "up" ? li.previousElementSibling : li.nextElementSibling; if (!other) return;
          if (d[0] === "up") other.before(li); else other.after(li);
          states(); (b.disabled ? li.querySelector("button:not([disabled])") : b).focus();
        };
        li.append(b);
      });
    });
    states();
  }
})();
