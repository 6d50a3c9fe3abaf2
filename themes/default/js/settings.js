// @ts-check
// The settings panel and the list of keys; loaded when first opened.
(function () {
  "use strict";
  var pufa = /** @type {any} */ (window).pufa, t = pufa.t, make = pufa.make;
  /** @type {HTMLDialogElement | null} */
  var panel = null;

  /** @param {string} title @param {string} id @returns {HTMLDialogElement} A dialog that closes by Escape, by its button and by a click beside it. */
  function dialog(title, id) {
    var d = document.createElement("dialog"), h = make("h2", title);
    h.id = id; d.setAttribute("aria-labelledby", id); d.append(h);
    d.addEventListener("click", function (event) { if (event.target === d) d.close(); });
    document.body.append(d);
    return d;
  }
  /** @param {HTMLDialogElement} d */
  function foot(d) {
    var p = make("div", "", "dialog-foot"), b = make("button", t("settings.close"), "button");
    b.type = "button"; b.onclick = function () { d.close(); };
    p.append(b); d.append(p);
    return p;
  }
  /** @param {string} name @param {string} legend @param {string[][]} choices value and label */
  function choice(name, legend, choices) {
    var set = document.createElement("fieldset"), row = make("div", "", "choices");
    set.append(make("legend", legend), row);
    var now = pufa.kept()[name] || "";
    choices.forEach(function (c) {
      var label = document.createElement("label"), input = document.createElement("input");
      input.type = "radio"; input.name = "set-" + name; input.value = c[0]; input.checked = c[0] === now;
      input.onchange = function () { pufa.keep(name, c[0]); applied(name); };
      label.append(input, c[1]); row.append(label);
    });
    return set;
  }
  /** @param {string} name */
  function applied(name) {
    if (name === "ruler") ruler();
    if (name === "offline" && pufa.kept().offline === "off") pufa.forgetPages();
    else if (name === "offline") pufa.keepPages();
  }
  /** Opens the panel. */
  function open() {
    if (panel) panel.remove();
    var d = panel = dialog(t("settings.title"), "settings-title");
    d.append(
      choice("elder", t("settings.elder"), [["", t("settings.off")], ["on", t("settings.on")]]),
      choice("size", t("settings.size"), [["small", t("settings.small")], ["", t("settings.normal")], ["large", t("settings.large")], ["huge", t("settings.huge")]]),
      choice("theme", t("settings.theme"), [["", t("settings.system")], ["light", t("settings.light")], ["dark", t("settings.dark")]]),
      choice("contrast", t("settings.contrast"), [["", t("settings.normal")], ["more", t("settings.more")]]),
      choice("ruler", t("settings.ruler"), [["", t("settings.off")], ["on", t("settings.on")]]),
      choice("keys", t("settings.keys"), [["", t("settings.on")], ["off", t("settings.off")]])
    );
    if (pufa.data.worker && "serviceWorker" in navigator && !pufa.onDisk) d.append(choice("offline", t("settings.offline"), [["", t("settings.on")], ["off", t("settings.off")]]));
    var p = foot(d), keys = make("button", t("settings.show_keys"), "button quiet");
    keys.type = "button"; keys.onclick = function () { d.close(); help(); };
    p.prepend(keys);
    d.showModal();
  }
  /** Lists the keys. */
  function help() {
    var d = dialog(t("keys.title"), "keys-title"), dl = make("dl", "", "keys");
    var all = [["/", "search"], ["e", "elder"], ["n", "next"], ["p", "previous"], ["Tab", "tab"], ["Esc", "escape"], ["?", "help"]];
    all.filter(function (k) { return k[1] !== "search" || pufa.data.scripts.search; }).forEach(function (k) {
      var dt = make("dt", ""); dt.append(make("kbd", k[0]));
      dl.append(dt, make("dd", t("keys." + k[1])));
    });
    d.append(dl); foot(d);
    d.addEventListener("close", function () { d.remove(); });
    d.showModal();
  }
  /** The reading ruler: a bright line that follows the pointer. */
  function ruler() {
    var old = document.querySelector(".ruler");
    if (pufa.kept().ruler !== "on") { if (old) old.remove(); return; }
    if (old) return;
    var bar = make("div", "", "ruler"); bar.setAttribute("aria-hidden", "true");
    bar.style.top = innerHeight / 3 + "px";
    document.body.append(bar);
    document.addEventListener("pointermove", function (event) { bar.style.top = event.clientY - bar.offsetHeight / 2 + "px"; });
  }
  pufa.settings = { open: open, help: help, ruler: ruler };
})();
