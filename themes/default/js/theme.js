// Runs before the first paint: what the reader chose on this device is applied to the root element.
(function () {
  var root = document.documentElement;
  root.setAttribute("data-js", "");
  /** @type {Record<string, string>} */
  var kept = {};
  try { kept = JSON.parse(localStorage.getItem("pufa") || "{}") || {}; } catch (e) { /* storage is closed: defaults */ }
  var asked = /[?&]elder=([01])/.exec(location.search);
  if (asked) {
    kept.elder = asked[1] === "1" ? "on" : "";
    try { localStorage.setItem("pufa", JSON.stringify(kept)); } catch (e) { /* as above */ }
  }
  if (kept.elder) root.setAttribute("data-elder", "");
  ["theme", "size", "contrast"].forEach(function (name) {
    if (kept[name]) root.setAttribute("data-" + name, kept[name]);
  });
})();
