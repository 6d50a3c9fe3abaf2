// @ts-check
// A button at every article of a law: its text with the citation, ready to paste into a letter.
(function () {
  "use strict";
  var law = /** @type {HTMLElement | null} */ (document.querySelector(".law[data-cite]")), pufa = /** @type {any} */ (window).pufa;
  if (!law || !pufa) return;
  /** @param {HTMLElement} article @returns {string} The article's paragraphs behind its citation. */
  function quoted(article) {
    var number = article.querySelector(".article-number"), label = number ? (number.textContent || "").trim() : "";
    /** @type {string[]} */
    var lines = [];
    article.querySelectorAll(":scope > p, :scope > table tr").forEach(function (e) {
      var text = (e.textContent || "").trim();
      if (number && e.contains(number)) text = text.slice(label.length).trim();
      if (text) lines.push(text);
    });
    return (law ? law.dataset.cite : "") + label + "\n" + lines.join("\n") + "\n" + pufa.address() + "#" + article.id + "\n";
  }
  law.querySelectorAll(".article").forEach(function (element) {
    var article = /** @type {HTMLElement} */ (element), number = article.querySelector(".article-number");
    if (!number || !law) return;
    var button = document.createElement("button"), name = (law.dataset.copy || "").replace("{n}", number.textContent || "");
    button.type = "button"; button.className = "copy-article"; button.dataset.label = law.dataset.label; button.title = name; button.setAttribute("aria-label", name);
    button.onclick = function () { pufa.copy(quoted(article)).then(function () { pufa.say(law ? law.dataset.copied : ""); }, function () { /* refused by the browser */ }); };
    article.prepend(button);
  });
})();
