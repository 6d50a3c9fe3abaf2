// @ts-check
// A document template: one field for each blank, filled into the sheet as the reader types. Nothing leaves the device.
(function () {
  "use strict";
  var pufa = /** @type {any} */ (window).pufa, make = pufa.make;
  var form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-blanks]")), sheet = /** @type {HTMLElement | null} */ (document.querySelector("[data-sheet]"));
  if (!form || !sheet) return;
  var into = form, paper = sheet;

  var low = "零壹贰叁肆伍陆柒捌玖";
  /** @param {number} yuan @returns {string} An amount in the capital numerals of a cheque. */
  function capital(yuan) {
    var cents = Math.round(yuan * 100); if (!(cents >= 0) || cents >= 1e15) return "";
    var whole = Math.floor(cents / 100), rest = cents % 100, out = "", groups = ["", "万", "亿", "万亿"], zero = false;
    for (var g = 3; g >= 0; g--) {
      var part = Math.floor(whole / Math.pow(10, g * 4)) % 10000;
      if (!part) { zero = zero || out !== ""; continue; }
      var text = "";
      for (var i = 3; i >= 0; i--) {
        var d = Math.floor(part / Math.pow(10, i)) % 10;
        if (!d) { zero = zero || out !== "" || text !== ""; continue; }
        if (zero && (out || text)) text += "零";
        zero = false; text += low[d] + ["", "拾", "佰", "仟"][i];
      }
      out += text + groups[g]; zero = part % 10 === 0;
    }
    out = (out || (rest ? "" : "零")) + (out || !rest ? "元" : "");
    var jiao = Math.floor(rest / 10), fen = rest % 10;
    return out + (jiao ? low[jiao] + "角" : "") + (fen ? (jiao || !whole ? "" : "零") + low[fen] + "分" : rest ? "" : "整");
  }
  /** @param {string} kind @param {string} value @returns {string} What stands on the sheet. */
  function written(kind, value) {
    var zh = document.documentElement.lang.indexOf("zh") === 0;
    if (kind === "date") { var d = /^(\d+)-0?(\d+)-0?(\d+)$/.exec(value); return d && zh ? d[1] + "年" + d[2] + "月" + d[3] + "日" : value; }
    if (kind === "money" && value) { var words = zh ? capital(+value) : ""; return (+value).toLocaleString("zh-CN") + (zh ? "元" + (words ? "（大写：" + words + "）" : "") : ""); }
    return value;
  }

  pufa.load("strings").then(function () {
    var t = pufa.t, /** @type {Map<string, HTMLElement[]>} */ blanks = new Map();
    paper.querySelectorAll(".blank").forEach(function (b) { var e = /** @type {HTMLElement} */ (b), n = e.dataset.name || ""; blanks.set(n, (blanks.get(n) || []).concat(e)); });
    if (!blanks.size) return;
    /** @type {Record<string, string>} */
    var types = { date: "date", tel: "tel", money: "number", number: "number" };
    var i = 0;
    blanks.forEach(function (places, name) {
      var kind = places[0].dataset.kind || "line", hint = places[0].dataset.hint || "", label = make("label", ""), field = document.createElement(kind === "text" ? "textarea" : "input");
      label.append(make("span", name));
      field.name = "blank-" + i++; field.autocomplete = "off";
      if (field instanceof HTMLTextAreaElement) { field.rows = 4; label.className = "wide"; }
      else { field.type = types[kind] || "text"; if (kind === "money") { field.step = "0.01"; field.min = "0"; field.inputMode = "decimal"; } }
      label.append(field); if (hint) label.append(make("small", hint));
      field.addEventListener("input", function () { places.forEach(function (p) { p.textContent = written(kind, field.value); p.classList.toggle("is-filled", field.value !== ""); }); });
      into.append(label);
    });
    var foot = make("div", "", "dialog-foot wide");
    var add = function (/** @type {string} */ text, /** @type {string} */ cls, /** @type {() => void} */ act) { var b = make("button", text, cls); b.type = "button"; b.onclick = act; foot.append(b); };
    add(t("form.print"), "button", function () { print(); });
    add(t("form.save"), "button quiet", save);
    add(t("form.clear"), "button quiet", function () { into.reset(); into.querySelectorAll("input, textarea").forEach(function (f) { f.dispatchEvent(new Event("input")); }); });
    into.append(foot); into.hidden = false;
    into.addEventListener("submit", function (event) { event.preventDefault(); });
  });
  /** Saves the sheet as a file that a word processor opens. */
  function save() {
    var title = (document.querySelector("h1") || { textContent: "" }).textContent || "";
    var html = "<!doctype html><html lang=\"" + document.documentElement.lang + "\"><meta charset=\"utf-8\"><title>" + title.replace(/[&<]/g, "") + "</title><body>" + paper.innerHTML + "</body></html>";
    var a = document.createElement("a"), url = URL.createObjectURL(new Blob([html], { type: "text/html" }));
    a.href = url; a.download = title + ".html"; a.click();
    setTimeout(function () { URL.revokeObjectURL(url); }, 1000);
  }
  pufa.form = { capital: capital, written: written };
})();
