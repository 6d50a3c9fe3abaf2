// @ts-check
// Sharing: the page's address, the system's own sharing, and a QR code drawn here (no service is asked).
(function () {
  "use strict";
  var pufa = /** @type {any} */ (window).pufa;

  // ---- QR code, model 2, byte mode, correction M, versions 1 to 10 (at most 213 bytes) ----
  // For each version: correction words a block, then [blocks, data words] pairs.
  var shape = [[10, 1, 16], [16, 1, 28], [26, 1, 44], [18, 2, 32], [24, 2, 43], [16, 4, 27], [18, 4, 31], [22, 2, 38, 2, 39], [22, 3, 36, 2, 37], [26, 4, 43, 1, 44]];
  var exp = new Uint8Array(512), log = new Uint8Array(256);
  for (var i = 0, x = 1; i < 255; i++) { exp[i] = exp[i + 255] = x; log[x] = i; x = x << 1 ^ (x & 128 ? 0x11d : 0); }
  /** @param {number} n @returns {number[]} The generator polynomial without its leading one. */
  function generator(n) {
    var g = [1];
    for (var i = 0; i < n; i++) {
      var next = g.concat(0);
      for (var j = 0; j < g.length; j++) if (g[j]) next[j + 1] ^= exp[log[g[j]] + i];
      g = next;
    }
    return g.slice(1);
  }
  /** @param {number[]} words @param {number[]} g @returns {number[]} */
  function correction(words, g) {
    var rest = g.map(function () { return 0; });
    words.forEach(function (w) {
      var f = w ^ rest[0]; rest = rest.slice(1).concat(0);
      if (f) g.forEach(function (c, i) { if (c) rest[i] ^= exp[log[c] + log[f]]; });
    });
    return rest;
  }
  /** @param {string} text @returns {boolean[][] | null} Rows of dark modules; null if the text is too long. */
  function qr(text) {
    var bytes = Array.prototype.slice.call(new TextEncoder().encode(text)), version = 0, capacity = 0;
    for (var v = 1; v <= 10 && !version; v++) {
      var s = shape[v - 1]; capacity = 0;
      for (var k = 1; k < s.length; k += 2) capacity += s[k] * s[k + 1];
      if (bytes.length + (v < 10 ? 2 : 3) <= capacity) version = v;
    }
    if (!version) return null;
    // mode, length, data, end, padding
    /** @type {number[]} */
    var bits = [];
    var put = function (/** @type {number} */ value, /** @type {number} */ n) { for (var i = n - 1; i >= 0; i--) bits.push(value >> i & 1); };
    put(4, 4); put(bytes.length, version < 10 ? 8 : 16); bytes.forEach(function (/** @type {number} */ b) { put(b, 8); });
    put(0, Math.min(4, capacity * 8 - bits.length)); while (bits.length % 8) bits.push(0);
    /** @type {number[]} */
    var words = [];
    for (var w = 0; w < bits.length; w += 8) words.push(parseInt(bits.slice(w, w + 8).join(""), 2));
    for (var pad = 0xec; words.length < capacity; pad ^= 0xfd) words.push(pad);
    // blocks, interleaved
    var form = shape[version - 1], g = generator(form[0]), /** @type {number[][]} */ blocks = [], from = 0;
    for (var p = 1; p < form.length; p += 2) for (var b = 0; b < form[p]; b++) { blocks.push(words.slice(from, from + form[p + 1])); from += form[p + 1]; }
    var checks = blocks.map(function (d) { return correction(d, g); }), /** @type {number[]} */ stream = [];
    var longest = blocks[blocks.length - 1].length;
    for (var c = 0; c < longest; c++) blocks.forEach(function (d) { if (c < d.length) stream.push(d[c]); });
    for (var e = 0; e < form[0]; e++) checks.forEach(function (d) { stream.push(d[e]); });
    return draw(version, stream);
  }
  /** @param {number} version @param {number[]} stream @returns {boolean[][]} */
  function draw(version, stream) {
    var n = version * 4 + 17, /** @type {boolean[][]} */ dark = [], /** @type {boolean[][]} */ fixed = [];
    for (var r = 0; r < n; r++) { dark.push(new Array(n).fill(false)); fixed.push(new Array(n).fill(false)); }
    var set = function (/** @type {number} */ x, /** @type {number} */ y, /** @type {boolean} */ on) { if (x >= 0 && y >= 0 && x < n && y < n) { dark[y][x] = on; fixed[y][x] = true; } };
    for (var i = 0; i < n; i++) { set(6, i, i % 2 === 0); set(i, 6, i % 2 === 0); }
    [[3, 3], [n - 4, 3], [3, n - 4]].forEach(function (f) {
      for (var dy = -4; dy <= 4; dy++) for (var dx = -4; dx <= 4; dx++) { var d = Math.max(Math.abs(dx), Math.abs(dy)); set(f[0] + dx, f[1] + dy, d !== 2 && d !== 4); }
    });
    if (version > 1) {
      /** @type {number[]} */
      var spots = version < 7 ? [6, n - 7] : [6, version * 2 + 8, n - 7];
      spots.forEach(function (cx, a) { spots.forEach(function (cy, b) {
        var last = spots.length - 1; if (a === 0 && b === 0 || a === 0 && b === last || a === last && b === 0) return;
        for (var dy = -2; dy <= 2; dy++) for (var dx = -2; dx <= 2; dx++) set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
      }); });
    }
    if (version >= 7) {
      var rem = version; for (var k = 0; k < 12; k++) rem = rem << 1 ^ (rem >> 11) * 0x1f25;
      var vbits = version << 12 | rem;
      for (var q = 0; q < 18; q++) { var on = (vbits >> q & 1) === 1, a = n - 11 + q % 3, b = Math.floor(q / 3); set(a, b, on); set(b, a, on); }
    }
    var format = function (/** @type {number} */ mask) {
      var data = mask, rest = data; for (var k = 0; k < 10; k++) rest = rest << 1 ^ (rest >> 9) * 0x537;
      var bits = (data << 10 | rest) ^ 0x5412, bit = function (/** @type {number} */ i) { return (bits >> i & 1) === 1; };
      for (var i = 0; i <= 5; i++) set(8, i, bit(i));
      set(8, 7, bit(6)); set(8, 8, bit(7)); set(7, 8, bit(8));
      for (var j = 9; j < 15; j++) set(14 - j, 8, bit(j));
      for (var l = 0; l < 8; l++) set(n - 1 - l, 8, bit(l));
      for (var m = 8; m < 15; m++) set(8, n - 15 + m, bit(m));
      set(8, n - 8, true);
    };
    format(0);
    var at = 0;
    for (var right = n - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      for (var vert = 0; vert < n; vert++) for (var j = 0; j < 2; j++) {
        var x = right - j, y = (right + 1 & 2) === 0 ? n - 1 - vert : vert;
        if (!fixed[y][x] && at < stream.length * 8) { dark[y][x] = (stream[at >> 3] >> 7 - (at & 7) & 1) === 1; at++; }
      }
    }
    var masks = [function (x, y) { return (x + y) % 2; }, function (x, y) { return y % 2; }, function (x) { return x % 3; }, function (x, y) { return (x + y) % 3; }, function (x, y) { return (Math.floor(x / 3) + Math.floor(y / 2)) % 2; }, function (x, y) { return x * y % 2 + x * y % 3; }, function (x, y) { return (x * y % 2 + x * y % 3) % 2; }, function (x, y) { return ((x + y) % 2 + x * y % 3) % 2; }].map(function (/** @type {(x: number, y: number) => number} */ f) { return f; });
    var apply = function (/** @type {number} */ m) { for (var y = 0; y < n; y++) for (var x = 0; x < n; x++) if (!fixed[y][x] && masks[m](x, y) === 0) dark[y][x] = !dark[y][x]; };
    var best = 0, least = Infinity;
    for (var m = 0; m < 8; m++) { apply(m); format(m); var p = penalty(dark); if (p < least) { least = p; best = m; } apply(m); }
    apply(best); format(best);
    return dark;
  }
  /** @param {boolean[][]} dark @returns {number} */
  function penalty(dark) {
    var n = dark.length, sum = 0, count = 0;
    var line = function (/** @type {(i: number) => boolean} */ at) {
      var run = 1, text = at(0) ? "1" : "0";
      for (var i = 1; i <= n; i++) {
        if (i < n) text += at(i) ? "1" : "0";
        if (i < n && at(i) === at(i - 1)) run++; else { if (run >= 5) sum += run - 2; run = 1; }
      }
      for (var j = 0; j + 11 <= n; j++) { var s = text.slice(j, j + 11); if (s === "10111010000" || s === "00001011101") sum += 40; }
    };
    for (var y = 0; y < n; y++) {
      line(function (i) { return dark[y][i]; }); line(function (i) { return dark[i][y]; });
      for (var x = 0; x < n; x++) {
        if (dark[y][x]) count++;
        if (x && y && dark[y][x] === dark[y - 1][x] && dark[y][x] === dark[y][x - 1] && dark[y][x] === dark[y - 1][x - 1]) sum += 3;
      }
    }
    return sum + Math.floor(Math.abs(count * 20 - n * n * 10) / (n * n)) * 10;
  }
  /** @param {boolean[][]} dark @param {string} label @returns {Element} */
  function picture(dark, label) {
    var ns = "http://www.w3.org/2000/svg", svg = document.createElementNS(ns, "svg"), path = document.createElementNS(ns, "path"), n = dark.length, d = "";
    dark.forEach(function (row, y) { row.forEach(function (on, x) { if (on) d += "M" + x + " " + y + "h1v1h-1z"; }); });
    svg.setAttribute("viewBox", "-2 -2 " + (n + 4) + " " + (n + 4)); svg.setAttribute("class", "qr"); svg.setAttribute("role", "img"); svg.setAttribute("aria-label", label); svg.setAttribute("shape-rendering", "crispEdges");
    path.setAttribute("d", d); svg.append(path);
    return svg;
  }

  /** Opens the panel. */
  function open() {
    var t = pufa.t, make = pufa.make, address = pufa.address(), d = document.createElement("dialog"), h = make("h2", t("share.title"));
    h.id = "share-title"; d.setAttribute("aria-labelledby", h.id);
    // The first button may lie below: the dialog begins at its beginning.
    h.tabIndex = -1; h.autofocus = true;
    var label = make("label", t("share.address")), input = document.createElement("input");
    input.readOnly = true; input.value = address; input.className = "share-address"; label.append(input);
    d.append(h); var code = qr(address); if (code) d.append(picture(code, t("share.qr")), make("p", t("share.scan")));
    d.append(label);
    var foot = make("div", "", "dialog-foot");
    var add = function (/** @type {string} */ text, /** @type {string} */ cls, /** @type {() => void} */ act) { var b = make("button", text, cls); b.type = "button"; b.onclick = act; foot.append(b); };
    if (navigator.share) add(t("share.system"), "button quiet", function () { navigator.share({ title: document.title, url: address }).catch(function () { /* the reader changed her mind */ }); });
    add(t("share.copy"), "button quiet", function () { pufa.copy(address).then(function () { d.close(); pufa.say(t("share.copied")); }, function () { input.select(); }); });
    add(t("settings.close"), "button", function () { d.close(); });
    d.append(foot); document.body.append(d);
    d.addEventListener("click", function (event) { if (event.target === d) d.close(); });
    d.addEventListener("close", function () { d.remove(); });
    d.showModal();
  }
  if (pufa) pufa.share = { open: open, qr: qr };
  else /** @type {any} */ (globalThis).qr = qr;
})();
