// @ts-check
// Keeping a whole book or course on this device: asks the service worker, shows how far it is.
(function () {
  "use strict";
  var pufa = /** @type {any} */ (window).pufa, make = pufa.make;
  var places = /** @type {HTMLElement[]} */ (Array.prototype.slice.call(document.querySelectorAll("[data-keep]")));
  if (!places.length || !pufa.data.worker || pufa.onDisk || !("serviceWorker" in navigator) || pufa.kept().offline === "off") return;
  Promise.all([pufa.load("strings"), navigator.serviceWorker.ready]).then(function (all) {
    var worker = all[1].active; if (!worker) return;
    places.forEach(function (place) {
      var id = place.dataset.keep || "", b = make("button", pufa.t("offline.keep"), "button quiet"), note = make("span", "", "byline");
      b.type = "button"; note.setAttribute("role", "status"); place.append(b, " ", note); place.hidden = false;
      var kept = false;
      b.onclick = function () {
        if (pufa.kept().offline === "off") { place.hidden = true; return; }
        // What a reader chose to keep, the browser should not throw away when room gets short.
        if (!kept && navigator.storage && navigator.storage.persist) navigator.storage.persist();
        ask(kept ? "drop" : "keep"); b.disabled = true;
      };
      /** @param {string} what */
      function ask(what) {
        var line = new MessageChannel();
        line.port1.onmessage = function (event) {
          var m = event.data;
          if (m.total !== undefined) note.textContent = pufa.t("offline.progress", { n: m.done, total: m.total });
          if (m.kept !== undefined) { kept = m.kept; b.disabled = false; b.textContent = pufa.t(kept ? "offline.drop" : "offline.keep"); note.textContent = pufa.t(m.failed ? "offline.failed" : kept ? "offline.kept" : "offline.size", { size: (m.bytes / 1e6).toFixed(1) }); }
          if (m.unknown) place.hidden = true;
        };
        if (worker) worker.postMessage({ what: what, collection: id }, [line.port2]);
      }
      ask("ask");
    });
  });
})();
