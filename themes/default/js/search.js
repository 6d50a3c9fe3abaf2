// The search: the engine, the same as `src/index/query` in whole numbers, and the boxes readers type in.
// Loaded when a reader opens the search. Nothing here puts text into a page other than as text.
(function () {
  "use strict";
  /** @type {any} */
  var global = typeof window === "undefined" ? globalThis : window;
  var pufa = global.pufa = global.pufa || {};

  // ---- characters: see src/index/token.rs ----
  var BLANK = 1, BORDER = 2;
  /** @param {string} c @returns {string | number} The folded character, "" for nothing, or a kind of border. */
  function classOf(c) {
    var u = /** @type {number} */ (c.codePointAt(0));
    if (u >= 0x4E00 && u <= 0x9FFF) return c;
    if (u >= 0xFF01 && u <= 0xFF5E) { u -= 0xFEE0; c = String.fromCharCode(u); }
    if (u >= 0x30 && u <= 0x39 || u >= 0x61 && u <= 0x7A) return c;
    if (u >= 0x41 && u <= 0x5A) return String.fromCharCode(u + 32);
    if (u === 9 || u === 0x20 || u === 0xA0 || u >= 0x2002 && u <= 0x200A || u === 0x202F || u === 0x3000) return BLANK;
    if (u === 0xAD || u === 0x640 || u >= 0x64B && u <= 0x65F || u >= 0x200B && u <= 0x200F || u === 0x2060 || u >= 0xFE00 && u <= 0xFE0F || u === 0xFEFF) return "";
    if (u === 0xD7 || u === 0xF7 || u === 0x30FB) return BORDER;
    if (u === 0x25CB) return "〇";
    if (u >= 0xC0 && u <= 0x24F || u >= 0x370 && u <= 0x52F || u >= 0x620 && u <= 0x64A || u >= 0x66E && u <= 0x6D3 || u === 0x6D5 || u >= 0xF40 && u <= 0xFBC || u >= 0x1820 && u <= 0x18AA || u >= 0x3005 && u <= 0x3007 || u >= 0x3041 && u <= 0x30FF ||
      u >= 0x3400 && u <= 0x4DBF || u >= 0xA000 && u <= 0xA48C || u >= 0xAC00 && u <= 0xD7A3 || u >= 0xF900 && u <= 0xFAFF ||
      u >= 0x20000 && u <= 0x3FFFF) return c;
    return BORDER;
  }
  /** @param {string} c */
  function wide(c) { return /** @type {number} */ (c.codePointAt(0)) >= 0x2E80; }
  /** @param {string} text */
  function fold(text) {
    var out = "", last = "", border = false, blank = false;
    for (var raw of text) {
      var c = classOf(raw);
      if (c === "") continue;
      if (c === BORDER) border = true;
      else if (c === BLANK) blank = true;
      else {
        c = /** @type {string} */ (c);
        if (last && (border || blank && !wide(last) && !wide(c))) out += " ";
        out += c; last = c; border = blank = false;
      }
    }
    return out;
  }
  /** @param {string} query @returns {{runs: string[], plain: boolean}} */
  function runsOf(query) {
    /** @type {[string, boolean][]} */
    var words = [];
    var open = false, marked = false, runs = [], plain = true, spelled = false;
    for (var raw of query) {
      var c = classOf(raw);
      if (c === "") continue;
      if (typeof c === "string") {
        if (open) words[words.length - 1][0] += c; else words.push([c, marked]);
        open = true; marked = false;
      } else { open = false; if (c === BORDER) marked = true; }
    }
    words.forEach(function (one) {
      var word = one[0], last = runs[runs.length - 1], single = chars(word).length === 1 && wide(word);
      if (single && spelled && !one[1]) runs[runs.length - 1] += word;
      else {
        if (one[1] && last && (wide(/** @type {string} */ (chars(last).pop())) || wide(word))) plain = false;
        runs.push(word);
      }
      spelled = single;
    });
    return { runs: runs, plain: plain };
  }
  /** @param {string} text */
  function chars(text) { return Array.from(text); }

  // ---- bits: see src/index/bits.rs ----
  /** @param {string} text */
  function bytesOf(text) {
    var s = atob(text), b = new Uint8Array(s.length);
    for (var i = 0; i < s.length; i++) b[i] = s.charCodeAt(i);
    return b;
  }
  /** @param {string} text @returns {number[]} */
  function unpack(text) {
    var b = bytesOf(text), out = [], value = 0, scale = 1;
    for (var i = 0; i < b.length; i++) {
      value += (b[i] & 127) * scale; scale *= 128;
      if (b[i] < 128) { out.push(value); value = 0; scale = 1; }
    }
    return out;
  }
  /** @param {string} text Running sums. */
  function sums(text) { var sum = 0; return unpack(text).map(function (n) { return (sum += n); }); }
  /** @param {string} text Where each stretch begins. */
  function starts(text) { var sum = 0; return unpack(text).map(function (n) { sum += n; return sum - n; }); }
  /** @param {number[]} list @param {number} value The last place whose number is not over `value`. */
  function placeOf(list, value) {
    var low = 0, high = list.length;
    while (low < high) { var middle = (low + high) >> 1; if (list[middle] <= value) low = middle + 1; else high = middle; }
    return low - 1;
  }
  var QUICK = 9;
  /** @param {number[]} lengths A canonical code; `quick` holds symbol and length for all short words, by the next bits. */
  function codeOf(lengths) {
    var counts = new Uint16Array(16), symbols = [], quick = new Uint16Array(1 << QUICK), word = 0;
    for (var length = 1; length < 16; length++) {
      for (var symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] !== length) continue;
        counts[length]++; symbols.push(symbol);
        if (length <= QUICK) quick.fill(symbol << 4 | length, word << (QUICK - length), (word + 1) << (QUICK - length));
        word++;
      }
      word *= 2;
    }
    return { counts: counts, symbols: symbols, quick: quick };
  }
  /** @param {Uint8Array} b */
  function Bits(b) {
    var at = 0, end = b.length * 8;
    /** @param {number} n At most 16. */
    function peek(n) { var i = at >> 3; return (b[i] << 16 | b[i + 1] << 8 | b[i + 2]) >> (24 - n - (at & 7)) & ((1 << n) - 1); }
    function bit() { var value = b[at >> 3] >> (7 - (at & 7)) & 1; at++; return value; }
    /** @param {number} n */
    function take(n) {
      var value = 0;
      if (n > 16) { value = peek(16) * Math.pow(2, n - 16); at += 16; n -= 16; }
      value += peek(n); at += n;
      return value;
    }
    /** @param {number} size */
    function below(size) {
      if (size <= 1) return 0;
      var n = 31 - Math.clz32(size), short = Math.pow(2, n + 1) - size, value = take(n);
      return value < short ? value : value * 2 + bit() - short;
    }
    /** @param {Uint32Array} out @param {number} from @param {number} count @param {number} low @param {number} high */
    function sorted(out, from, count, low, high) {
      while (count > 0) {
        var middle = count >> 1, value = low + middle + below(high - (count - 1 - middle) - (low + middle) + 1);
        out[from + middle] = value;
        if (middle) sorted(out, from, middle, low, value - 1);
        from += middle + 1; count -= middle + 1; low = value + 1;
      }
    }
    return {
      take: take, sorted: sorted, ended: function () { return at >= end; },
      /** @param {number} fine */
      number: function (fine) {
        var zeros = 0;
        while (zeros < 31 && at < end && !bit()) zeros++;
        return (Math.pow(2, zeros) + take(zeros) - 1) * (1 << fine) + take(fine);
      },
      /** @param {{counts: Uint16Array, symbols: number[], quick: Uint16Array}[]} codes @param {number} count */
      symbols: function (codes, count) {
        var out = new Uint8Array(count), before = 0;
        for (var i = 0; i < count; i++) {
          var code = codes[before], short = code.quick[peek(QUICK)], symbol = short >> 4;
          if (short) at += short & 15;
          else {
            var value = 0, first = 0, index = 0;
            for (var length = 1; length < 16; length++) {
              value = value * 2 + bit();
              var n = code.counts[length];
              if (value < first + n) { symbol = code.symbols[index + value - first]; break; }
              index += n; first = (first + n) * 2;
            }
          }
          out[i] = before = symbol;
        }
        return out;
      }
    };
  }

  // ---- the engine: see src/index/query/mod.rs ----
  var MOST = 400, FEW = 20, COVERING = 5, CHOSEN_FROM = 50, FEW_CITED = 6, STEPS = 4, BETWEEN = 5, RARE = 8, ROWS = 1048576, VALUES = new Float64Array([8, 16, 25, 33, 42, 50, 59, 68]);
  /** @param {number} frequency */
  function bucket(frequency) {
    if (frequency < 32) return frequency;
    var octave = 31 - Math.clz32(frequency);
    return 32 + (octave - 5) * 8 + (frequency >> (octave - 3) & 7);
  }
  /** @param {string[]} runs @param {boolean} plain */
  function isLookup(runs, plain) {
    return plain && runs.length > 0 && runs.length < 4 && runs.every(function (run) { var n = chars(run).length; return n > 1 && n < (/^[0-9a-z]+$/.test(run) ? 21 : 7); });
  }
  /** Whether a query says an everyday word, perhaps with a few characters in between. @param {string[]} query @param {string} text */
  function says(query, text) {
    var word = chars(text), length = word.length + (word.length < 3 ? 0 : BETWEEN);
    return query.some(function (c, start) {
      if (c !== word[0]) return false;
      var n = 0;
      for (var at = start; at < query.length && at < start + length && n < word.length; at++) if (query[at] === word[n]) n++;
      return n === word.length;
    });
  }
  /** @param {string} c The place in the alphabet a code stands for. */
  function placeOfCode(c) {
    var u = c.charCodeAt(0);
    return u < 0x22 ? u - 0x20 : u < 0x5C ? u - 0x21 : u < 0x7F ? u - 0x22 : u < 0x800 ? u - 0xB0 + 93 : u - 0x3400 + 1965;
  }
  /** @param {number} place */
  function codeOfPlace(place) {
    return String.fromCharCode(place + (place < 2 ? 0x20 : place < 59 ? 0x21 : place < 93 ? 0x22 : place < 1965 ? 0xB0 - 93 : 0x3400 - 1965));
  }

  /**
   * @typedef {{frequency: number, tail: boolean, damped: number, leads: number[][], rows: Uint32Array, symbols: Uint8Array}} Head
   * @typedef {{key: number, weight: number, head: Head}} Term
   * @typedef {{url: string, title: string, breadcrumb: string, text: string, folded?: string}} Document
   * @typedef {{kind?: string, topic?: string, audience?: string, law?: string}} Filters
   */

  /**
   * @param {(name: string, fresh?: boolean) => Promise<any>} load Gets the value of a file of the index.
   * @returns {Promise<any>}
   */
  async function open(load) {
    var manifest = await load("manifest", true);
    if (manifest.version !== 1) throw new Error("version");
    var core = await load(manifest.core);
    var count = core.rows, alphabet = chars(core.alphabet);
    /** @type {Map<string, number>} */
    var ranks = new Map(alphabet.map(function (c, place) { return [c, place + 1]; }));
    /** @param {string} c */
    function rank(c) { return ranks.get(c) || 0; }
    var codes = core.codes.map(function (/** @type {number[][]} */ all) { return all.map(codeOf); });
    var firsts = [sums(core.heads.index), sums(core.tails.index)], textStarts = starts(core.texts.index);

    // the columns of the document table
    var kinds = new Uint8Array(count), boosts = new Uint8Array(count), priors = new Uint16Array(count), laws = new Int32Array(count).fill(-1), sets = new Uint16Array(count);
    var lawStarts = starts(core.laws), lawLengths = unpack(core.laws), lawPriors = unpack(core.law_priors), lawRows = 0, row = 0;
    core.kinds.forEach(function (/** @type {any[]} */ run, /** @type {number} */ kind) { kinds.fill(kind, row, row + run[1]); boosts.fill(core.boosts[kind], row, row + run[1]); row += run[1]; });
    lawLengths.forEach(function (length, law) { laws.fill(law, lawStarts[law], lawStarts[law] + length); priors.fill(lawPriors[law], lawStarts[law], lawStarts[law] + length); lawRows += length; });
    var own = unpack(core.priors); row = 0;
    for (var i = 0; i < own.length; i += 2) { row += own[i]; priors[row] += own[i + 1]; }
    var runs = unpack(core.set_runs); row = 0;
    for (i = 0; i < runs.length; i += 2) { sets.fill(runs[i], row, row + runs[i + 1]); row += runs[i + 1]; }
    var parts = sums(core.parts), fronts = new Set(sums(core.fronts)), pages = starts(core.pages), packedLinks = unpack(core.links);
    // Room for a number a row, for sums that are done before anything else is waited for.
    var spare = new Float64Array(count), isFront = new Uint8Array(count), isPart = new Uint8Array(count);
    fronts.forEach(function (row) { isFront[row] = 1; });
    parts.forEach(function (row) { isPart[row] = 1; });
    // Rows that count for the same filters have the same group: its number, and its first row.
    var groups = new Uint32Array(count), groupRows = [], groupOf = new Map();
    for (row = 0; row < count; row++) {
      var triple = (kinds[row] * core.sets.length + sets[row]) * (lawStarts.length + 1) + laws[row] + 1, group = groupOf.get(triple);
      if (group === undefined) { group = groupRows.length; groupOf.set(triple, group); groupRows.push(row); }
      groups[row] = group;
    }
    /** @param {number} row The first row of its document. */
    function wholeOf(row) { while (isPart[row]) row--; return row; }
    /** @type {[number, number[]][]} */
    var links = []; row = 0;
    for (i = 0; i < packedLinks.length;) {
      row += packedLinks[i]; var many = packedLinks[i + 1], cited = 0; i += 2;
      links.push([row, packedLinks.slice(i, i + many).map(function (gap) { return (cited += gap); })]); i += many;
    }
    var linked = new Map(links), kindNames = core.kinds.map(function (/** @type {any[]} */ run) { return run[0]; });

    /** @type {Map<string, Promise<any>>} */
    var kept = new Map();
    /** @template T @param {string} name @param {() => Promise<T>} make @returns {Promise<T>} */
    function once(name, make) {
      var known = kept.get(name);
      if (!known) {
        if (kept.size > 600) kept.clear();
        known = make(); kept.set(name, known);
        known.catch(function () { kept.delete(name); });
      }
      return known;
    }
    /** What will be needed soon; that it is not to be had is told where it is needed. @param {Promise<any>} asked */
    function early(asked) { asked.catch(function () { /* see above */ }); }
    /** @param {string} name */
    function file(name) { return once(name, function () { return load(name); }); }

    /** @param {0 | 1} family @param {number} key @returns {Promise<Map<number, Head>> | null} */
    function shard(family, key) {
      var number = placeOf(firsts[family], key);
      if (number < 0) return null;
      var name = (family ? core.tails : core.heads).dir + "/" + number;
      return once(name + "*", async function () {
        var bits = Bits(bytesOf(await load(name))), out = new Map(), term = 0;
        for (var left = bits.number(5); left > 0 && !bits.ended(); left--) {
          term += bits.number(5);
          var damped = 128, leads = [], tail = 0, length = 1 + bits.number(family ? 10 : 1);
          if (!family) {
            var hasTail = bits.take(1), extra = bits.take(1);
            if (hasTail) tail = bits.number(10);
            if (extra) { damped = bits.take(8); for (var n = bits.take(3); n > 0; n--) leads.push([bits.take(32), bits.take(8)]); }
          }
          var rows = new Uint32Array(Math.min(length, count));
          bits.sorted(rows, 0, rows.length, 0, count - 1);
          out.set(term, { frequency: length + tail, tail: tail > 0, damped: damped, leads: leads, rows: rows, symbols: bits.symbols(codes[family], rows.length) });
        }
        return out;
      });
    }
    /** @param {number[]} keys @returns {Promise<(Head | undefined)[]>} */
    function heads(keys) {
      return Promise.all(keys.map(async function (key) { var terms = await shard(0, key); return terms ? terms.get(key) : undefined; }));
    }
    /** @param {string} run @returns {number[]} A key for each character and pair, in order; -1 for what the site has nowhere. */
    function keys(run) {
      var all = chars(run), out = [];
      for (var i = 0; i < all.length; i++) {
        if (all[i] === " ") continue;
        var high = rank(all[i]);
        out.push(high ? high * 65536 : -1);
        if (i + 1 < all.length && all[i + 1] !== " ") { var low = rank(all[i + 1]); out.push(high && low ? high * 65536 + low : -1); }
      }
      return out;
    }
    /** @param {number} key @param {Head} head */
    function weigh(key, head) {
      var rarity = core.rarity[key % 65536 === 0 ? 1 : 0][bucket(head.frequency)] || 1;
      return Math.max(1, Math.floor(rarity * head.damped / 128));
    }

    // texts
    var border = codeOfPlace(rank("\x1e") - 1), comma = codeOfPlace(rank("\x1f") - 1);
    /** @param {string} codes */
    function written(codes) { var text = ""; for (var c of codes) text += alphabet[placeOfCode(c)]; return text; }
    /** Of the documents in a file few are shown: a text is made out when it is read. @param {string[]} head @param {string} codes @returns {Document} */
    function documentOf(head, codes) {
      /** @type {string | undefined} */
      var text;
      return { url: head[0], title: head[1], breadcrumb: head[2], get text() { return text === undefined ? (text = written(codes)) : text; } };
    }
    /** @param {number} number @returns {Promise<Document[]>} The documents of a file of texts. */
    function texts(number) {
      var name = core.texts.dir + "/" + number;
      return once(name + "*", async function () {
        var last = ["", "", ""];
        return (await load(name)).split(border).map(function (/** @type {string} */ record) {
          var fields = record.split(comma);
          last = last.map(function (before, place) {
            var field = chars(written(fields[place]));
            return chars(before).slice(0, rank(field[0]) - 3).join("") + field.slice(1).join("");
          });
          return documentOf(last, fields.slice(3).join(comma));
        });
      });
    }
    /** @param {number} row @returns {Promise<Document>} */
    async function record(row) {
      var number = placeOf(textStarts, row);
      return (await texts(number))[row - textStarts[number]];
    }
    /** @param {Document} doc Its text folded, kept with it. */
    function folded(doc) { return doc.folded === undefined ? (doc.folded = fold(doc.text)) : doc.folded; }
    /** @param {number} row @param {string[]} runs @returns {Promise<number>} 2 if the page says the words, 1 if only its title and way do. */
    async function holds(row, runs) {
      var doc = await record(row), title = fold(doc.title), text = folded(doc);
      if (laws[row] < 0 || fronts.has(row)) text = fold(/** @type {string} */ (doc.title.split(" › ").pop())) + " " + text;
      if (runs.every(function (run) { return text.includes(run); })) return 2;
      var all = text + " " + title + " " + fold(doc.breadcrumb);
      return runs.every(function (run) { return all.includes(run); }) ? 1 : 0;
    }
    /** @returns {Promise<any[]>} Name, other names, numbers of the rows, and all names folded. */
    function lawNames() {
      return once("names", async function () {
        var files = [];
        for (var n = 0; n < core.law_names.files; n++) files.push(load(core.law_names.dir + "/" + n));
        var names = /** @type {any[]} */ ([].concat.apply([], await Promise.all(files)));
        names.forEach(function (law) { law[3] = [law[0]].concat(law[1]).map(function (name) { return fold(name).replace(/ /g, ""); }); });
        return names;
      });
    }
    /** @returns {Promise<Record<string, string>>} */
    function syllables() { return file(core.pinyin.dir + "/base").catch(function () { return {}; }); }

    /** @param {number[]} rows @param {number} from @param {number} many So many texts ahead, all at once. */
    function ahead(rows, from, many) { if (from % many === 0) rows.slice(from, from + many).forEach(function (row) { early(record(row)); }); }

    // points
    /** @param {string[]} runs @returns {number[]} The keys of what the site's own words say in other words. */
    function meantBy(runs) {
      var query = chars(runs.join(" ")), meant = [];
      core.synonyms.forEach(function (/** @type {string[][]} */ synonym) {
        if (synonym[0].some(function (word) { return says(query, word); })) synonym[1].forEach(function (word) { meant = meant.concat(/** @type {any} */ (keys(word))); });
      });
      return meant;
    }
    /** @param {string[]} runs @param {boolean} lookup Words that are looked up mean themselves: the learnt table is for sentences. @returns {Promise<Term[]>} */
    async function terms(runs, lookup) {
      /** @type {Term[]} */
      var out = [];
      /** @type {Set<number>} */
      var seen = new Set();
      /** @type {Map<number, number>} */
      var leads = new Map();
      /** @param {number[]} keys */
      function fresh(keys) { return keys.filter(function (key) { if (key < 0 || seen.has(key)) return false; seen.add(key); return true; }); }
      var typed = fresh([].concat.apply([], /** @type {any} */ (runs.map(keys))));
      var also = fresh(meantBy(runs)), found = await heads(typed.concat(also));
      typed.concat(also).forEach(function (key, place) {
        var head = found[place];
        if (!head) return;
        var weight = weigh(key, head);
        if (place < typed.length) head.leads.forEach(function (lead) { leads.set(lead[0], (leads.get(lead[0]) || 0) + /** @type {Head} */ (head).damped * 2 * lead[1]); });
        else weight = Math.floor(weight * core.synonym / 256);
        out.push({ key: key, weight: weight, head: head });
      });
      var best = Array.from(leads).sort(function (a, b) { return b[1] - a[1] || a[0] - b[0]; }).slice(0, lookup ? 0 : core.expansion[1]);
      var led = await heads(best.map(function (lead) { return lead[0]; }));
      best.forEach(function (lead, place) {
        var head = led[place];
        if (head) out.push({ key: lead[0], weight: Math.floor(weigh(lead[0], head) * Math.min(lead[1], 131072) * core.expansion[0] / 16777216), head: head });
      });
      return out.filter(function (term) { return term.weight > 0; });
    }
    /** @param {Float64Array} points @param {number} weight @param {{rows: Uint32Array, symbols: Uint8Array}} list */
    function count_(points, weight, list) {
      var rows = list.rows, symbols = list.symbols;
      for (var i = 0; i < rows.length; i++) points[rows[i]] += weight * VALUES[symbols[i] >> 1];
    }
    /** @param {Float64Array} points */
    function passOn(points) {
      spare.set(points);
      var own = spare, beside = core.mix[0], citing = core.mix[1], every = core.mix[2];
      for (var row = 0; row < lawRows; row++) {
        if (own[row] === 0) continue;
        var part = Math.floor(own[row] * beside / 256);
        if (row > 0 && laws[row] === laws[row - 1]) points[row - 1] += part;
        if (row + 1 < lawRows && laws[row] === laws[row + 1]) points[row + 1] += part;
      }
      for (var link of links) {
        // The three best of what it cites add up.
        var first = 0, second = 0, third = 0;
        for (var article of link[1]) {
          var value = own[article];
          if (value > first) { third = second; second = first; first = value; } else if (value > second) { third = second; second = value; } else if (value > third) third = value;
        }
        points[link[0]] += Math.floor((first * citing + (first + second + third) * every) / 256);
      }
    }
    /** Rows that hold every pair of every run: 1 where the page itself says all of them. @param {string[]} runs @param {Term[]} terms @param {Float64Array} points @returns {Promise<Map<number, number>>} */
    async function lookup(runs, terms, points) {
      /** @type {Map<number, number> | null} */
      var held = null;
      var all = [].concat.apply([], /** @type {any} */ (runs.map(keys)));
      var pairs = all.map(function (key) { return terms.find(function (term) { return term.key === key; }); });
      var tails = await Promise.all(all.map(async function (key, place) {
        var term = pairs[place];
        if (key % 65536 === 0 || !term || !term.head.tail) return null;
        var shards = await shard(1, key);
        return shards && shards.get(key) || null;
      }));
      for (var place = 0; place < all.length; place++) {
        if (all[place] < 0) return new Map();
        if (all[place] % 65536 === 0) continue;
        var term = pairs[place];
        if (!term) return new Map();
        if (tails[place]) count_(points, term.weight, /** @type {any} */ (tails[place]));
        /** @type {Map<number, number>} */
        var next = new Map(), before = held;
        [term.head, tails[place]].forEach(function (list) {
          if (list) list.rows.forEach(function (/** @type {number} */ row, /** @type {number} */ i) {
            var own = list.symbols[i] & 1, was = before ? before.get(row) : 1;
            if (was !== undefined) next.set(row, own & was);
          });
        });
        held = next;
      }
      return held || new Map();
    }
    /** The greatest of many, sorted; composite numbers of score and row. @param {Float64Array} all @param {number} most */
    function greatest(all, most) {
      if (all.length > most * 4) {
        var high = 0, buckets = new Uint32Array(1024), i, sum = 0, at = 1023;
        for (i = 0; i < all.length; i++) if (all[i] > high) high = all[i];
        var scale = 1023 / high;
        for (i = 0; i < all.length; i++) buckets[all[i] * scale | 0]++;
        for (; at >= 0 && sum < most; at--) sum += buckets[at];
        var some = new Float64Array(sum), n = 0;
        for (i = 0; i < all.length; i++) if ((all[i] * scale | 0) > at) some[n++] = all[i];
        all = some.subarray(0, n);
      }
      return all.sort().reverse().subarray(0, most);
    }
    /** @param {Float64Array} keys */
    function rowsOf(keys) { return Array.from(keys, function (key) { return ROWS - 1 - key % ROWS; }); }

    /** Documents with points that are not told of, each by its best row: their keys in `spare`, how many. A function of its own, for engines make loops of asynchronous ones fast later. @param {Float64Array} points @param {number} best @param {Uint8Array} told @param {Uint32Array} inGroup Counted where there are no filters. @param {((row: number) => boolean) | null} passes */
    function nearKeys(points, best, told, inGroup, passes) {
      var many = 0, whole = 0, last = -1, passed = true;
      for (var row = 0; row < count; row++) {
        if (!isPart[row]) whole = row;
        var own = points[row];
        if (!(own > 0) || told[whole]) continue;
        var key = (own * boosts[row] * 16 + priors[row] * best) * ROWS + (ROWS - 1 - row);
        if (whole === last) { if (passed && key > spare[many - 1]) spare[many - 1] = key; continue; }
        last = whole;
        if (!passes) inGroup[groups[row]]++;
        else if (!(passed = passes(row))) continue;
        spare[many++] = key;
      }
      return many;
    }
    /** @param {Float64Array} points */
    function highest(points) {
      var best = 0;
      for (var row = 0; row < count; row++) if (points[row] > best) best = points[row];
      return best;
    }

    /** @param {string[]} runs @param {boolean} plain @param {number[]} pins @param {Filters} filters @param {string[] | null} other What the letters may mean besides. */
    async function rankRows(runs, plain, pins, filters, other) {
      var complete = isLookup(runs, plain), all = await terms(runs, complete), points = new Float64Array(count);
      all.forEach(function (term) { count_(points, term.weight, term.head); });
      var held = complete ? await lookup(runs, all, points) : new Map();
      /** @type {number[]} */
      var also = [], others = new Float64Array(other ? count : 0);
      if (other && plain && other.length < 4 && other.every(function (run) { return chars(run).length > 1; })) {
        var more = await terms(other, true);
        more.forEach(function (term) { count_(others, term.weight, term.head); });
        also = Array.from((await lookup(other, more, others)).keys()).filter(function (row) { return !held.has(row) && !pins.includes(row); });
      }
      var best = highest(points);
      passOn(points);
      also.forEach(function (row) { points[row] += others[row]; });
      /** @type {Map<number, number>} */
      var varied = new Map();
      /** @param {number} row */
      function plainKey(row) { return (points[row] * boosts[row] * 16 + priors[row] * best) * ROWS + (ROWS - 1 - row); }
      /** @param {number} row */
      function key(row) { return varied.size && varied.get(row) || plainKey(row); }
      pins.forEach(function (row) { held.delete(row); });
      var onlyOther = complete && !pins.length && !held.size && also.length > 0;
      var law = -2;
      if (filters.law) {
        var names = await lawNames(), asked = fold(filters.law).replace(/\s|中华人民共和国/g, "");
        law = names.findIndex(function (name) { return name[0] === filters.law; });
        if (law < 0) law = names.findIndex(function (name) { return name[3].includes(asked); });
      }
      var topic = filters.topic ? core.topics.indexOf(filters.topic) : -2, audience = filters.audience ? core.audiences.indexOf(filters.audience) : -2;
      var kind = filters.kind ? kindNames.indexOf(filters.kind) : -2;
      var free = law === -2 && topic === -2 && audience === -2 && kind === -2;
      /** @param {number} row The filters it does not pass, as bits. */
      function fails(row) {
        return (kind === -2 || kinds[row] === kind ? 0 : 1) | (topic === -2 || core.sets[sets[row]][0].includes(topic) ? 0 : 2) |
          (audience === -2 || core.sets[sets[row]][1].includes(audience) ? 0 : 4) | (law === -2 || law >= 0 && laws[row] === law ? 0 : 8);
      }
      /** @param {number} row */
      function pass(row) { return free || !fails(row); }
      /** @param {ArrayLike<number>} rows @param {number} most */
      function order(rows, most) {
        for (var i = 0; i < rows.length; i++) spare[i] = key(rows[i]);
        return rowsOf(greatest(spare.subarray(0, rows.length), most));
      }
      /** @type {number[]} */
      var inside = [], outside = [];
      held.forEach(function (own, row) { (own ? inside : outside).push(row); });
      // Of rows that hold the words only with the title of their page, the best of a page is enough.
      var shownPages = new Set(inside.filter(function (row) { return row >= lawRows; }).map(function (row) { return placeOf(pages, row - lawRows); }));
      outside = order(outside, Infinity).filter(function (row) {
        var page = row < lawRows ? -1 : placeOf(pages, row - lawRows);
        if (page < 0) return true;
        if (shownPages.has(page)) { held.delete(row); return false; }
        return shownPages.add(page);
      });
      // Documents, counted by what each of their filters but one leaves: those told of, then those with some of the words.
      var told = isFront.slice(), counts = tallies(), close = tallies(), total = 0, many = 0;
      /** @param {Uint32Array[]} by @param {number} row @param {number} n So many like it. @returns {boolean} Whether it passes all filters. */
      function tally(by, row, n) {
        var failed = free ? 0 : fails(row);
        if (!(failed & 14)) by[0][kinds[row]] += n;
        if (!(failed & 13)) by[1][sets[row]] += n;
        if (!(failed & 11)) by[2][sets[row]] += n;
        if (!(failed & 7) && laws[row] >= 0) by[3][laws[row]] += n;
        return !failed;
      }
      pins.concat(Array.from(held.keys()), also).forEach(function (row) {
        row = wholeOf(row);
        if (told[row] > 1) return;
        told[row] = 2;
        if (tally(counts, row, 1)) total++;
      });
      var inGroup = new Uint32Array(groupRows.length);
      if (held.size < FEW) many = nearKeys(points, best, told, inGroup, free ? null : function (row) { return tally(close, row, 1); });
      inGroup.forEach(function (n, group) { if (n) tally(close, groupRows[group], n); });
      var near = rowsOf(greatest(spare.subarray(0, many), MOST));
      return {
        pinned: pins.filter(pass), inside: vary(order(inside.filter(pass), Infinity), key, varied, false), outside: vary(order(outside.filter(pass), Infinity), key, varied, false),
        also: vary(order(also.filter(pass), Infinity), key, varied, false), onlyOther: onlyOther, total: total + near.length, near: cover(vary(near, key, varied, true), key, varied), complete: complete, facets: facets(counts, close), free: free, key: key
      };
    }
    function tallies() { return [kindNames.length, core.sets.length, core.sets.length, lawStarts.length].map(function (length) { return new Uint32Array(length); }); }
    /** Further places of a page, and what cites only articles that better results cite too, go back a little. @param {number[]} rows @param {(row: number) => number} key @param {Map<number, number>} varied @param {boolean} citing */
    function vary(rows, key, varied, citing) {
      /** @type {Set<number>} */
      var seen = new Set();
      /** @type {Map<number, number>} */
      var shown = new Map();
      var changed = false;
      rows.forEach(function (row) {
        if (row < lawRows) return;
        var page = placeOf(pages, row - lawRows), times = shown.get(page) || 0, articles = citing && linked.get(row);
        shown.set(page, times + 1);
        if (articles) {
          if (articles.every(function (article) { return seen.has(article); })) times++;
          articles.forEach(function (article) { seen.add(article); });
        }
        if (!times) return;
        var score = Math.floor(key(row) / ROWS);
        for (times = Math.min(times, STEPS); times > 0; times--) score = Math.floor(score * core.mix[3] / 256);
        varied.set(row, score * ROWS + (ROWS - 1 - row)); changed = true;
      });
      return changed ? rows.sort(function (a, b) { return key(b) - key(a); }) : rows;
    }
    /** Of the first that cite a few articles the best stays, the next are chosen so that together they cite the likely ones, each once: greedy cover by votes. @param {number[]} rows @param {(row: number) => number} key @param {Map<number, number>} varied */
    function cover(rows, key, varied) {
      /** @param {number} row */
      function scoreOf(row) { return Math.floor(key(row) / ROWS); }
      /** @param {number} score @param {number} best */
      function part(score, best) { return Math.pow(Math.floor(score * 128 / Math.max(best, 1)), 4); }
      /** @type {number[]} */
      var places = [];
      for (var at = 0; at < rows.length && places.length < CHOSEN_FROM; at++) if (cites(rows[at]).length && cites(rows[at]).length <= FEW_CITED) places.push(at);
      var rest = places.map(function (at) { return rows[at]; }), scores = rest.map(scoreOf), order = [];
      /** @type {Map<number, number>} */
      var votes = new Map();
      rest.forEach(function (row, i) {
        var articles = cites(row), vote = part(scores[i], scores[0]) * Math.floor(Math.sqrt(4096 / articles.length));
        articles.forEach(function (article) { votes.set(article, (votes.get(article) || 0) + vote); });
      });
      var best = Math.max.apply(null, Array.from(votes.keys(), scoreOf));
      votes.forEach(function (n, article) { votes.set(article, n + 128 * part(scoreOf(article), best)); });
      while (order.length < COVERING && rest.length) {
        var most = -1, chosen = 0;
        if (order.length) rest.forEach(function (row, i) {
          var sum = cites(row).reduce(function (sum, article) { return sum + (votes.get(article) || 0); }, 0);
          if (sum > most) { most = sum; chosen = i; }
        });
        cites(rest[chosen]).forEach(function (article) { votes.delete(article); });
        order.push(rest.splice(chosen, 1)[0]);
      }
      order.concat(rest).forEach(function (row, i) { rows[places[i]] = row; varied.set(row, scores[i] * ROWS + (ROWS - 1 - row)); });
      return rows;
    }
    /** @param {number} row @returns {number[]} The articles it cites. */
    function cites(row) { return linked.get(row) || []; }
    /** How many results each value leaves: of those that hold only some of the words no more than are shown. @param {Uint32Array[]} counts @param {Uint32Array[]} close */
    function facets(counts, close) {
      /** @param {number} by @param {boolean} [grouped] @returns {[number, number][]} */
      function list(by, grouped) {
        /** @type {Map<number, number>[]} */
        var sums = [counts, close].map(function (all) {
          var sum = new Map();
          all[by].forEach(function (n, at) { if (n) (grouped ? core.sets[at][by - 1] : [at]).forEach(function (/** @type {number} */ value) { sum.set(value, (sum.get(value) || 0) + n); }); });
          return sum;
        });
        sums[1].forEach(function (n, value) { sums[0].set(value, (sums[0].get(value) || 0) + Math.min(n, MOST)); });
        return Array.from(sums[0]).sort(function (a, b) { return b[1] - a[1] || a[0] - b[0]; }).slice(0, 30);
      }
      /** @param {[number, number][]} list @param {string[]} names */
      function named(list, names) { return list.map(function (one) { return [names[one[0]], one[1]]; }); }
      return { kind: named(list(0).sort(function (a, b) { return a[0] - b[0]; }), kindNames), topic: named(list(1, true), core.topics), audience: named(list(2, true), core.audiences), law: list(3) };
    }
    /** The final order, texts read only as far as `limit` needs. @param {any} ranked @param {string[]} runs @param {string[] | null} other @param {number} limit @returns {Promise<number[]>} */
    async function settle(ranked, runs, other, limit) {
      /** @type {number[]} */
      var out = [], named = [], failed = [], at = 0, seen = new Set();
      /** @param {number} row Each document once. */
      function put(row) { var whole = wholeOf(row); if (!seen.has(whole)) { seen.add(whole); out.push(row); } }
      ranked.pinned.forEach(put);
      var exact = runs.every(function (run) { return chars(run).length === 2; });
      for (; at < ranked.inside.length; at++) {
        if (out.length >= limit) return out;
        var row = ranked.inside[at];
        if (!exact) ahead(ranked.inside, at, limit);
        var held = exact ? 2 : await holds(row, runs);
        if (held === 2) put(row); else (held ? named : failed).push(row);
      }
      for (at = 0; at < ranked.outside.length; at++) {
        row = ranked.outside[at];
        while (named.length && ranked.key(named[0]) > ranked.key(row)) put(/** @type {number} */ (named.shift()));
        if (out.length >= limit) return out;
        ahead(ranked.outside, at, limit);
        if (await holds(row, runs)) put(row); else failed.push(row);
      }
      failed.sort(function (a, b) { return ranked.key(b) - ranked.key(a); });
      named.forEach(put);
      var strangers = [];
      for (at = 0; at < ranked.also.length; at++) {
        if (out.length >= limit) return out;
        ahead(ranked.also, at, limit);
        if (await holds(ranked.also[at], other || [])) put(ranked.also[at]); else strangers.push(ranked.also[at]);
      }
      failed.concat(ranked.near, strangers).forEach(put);
      return out;
    }

    // references to articles: see src/index/query/article.rs
    /** @param {string} query @param {string[]} runs @returns {Promise<number[]>} */
    async function pins(query, runs) {
      var wanted = references(query, runs), named = wanted.length ? "" : lawName(runs);
      if (!wanted.length && !named) return [];
      var names = await lawNames();
      /** @param {(name: string) => boolean} test */
      function matching(test) {
        var found = [];
        names.forEach(function (law, number) { if (law[3].some(test)) found.push(number); });
        return found.sort(function (a, b) { return lawPriors[b] - lawPriors[a] || a - b; });
      }
      if (named) {
        var same = matching(function (other) { return other === named; });
        return (same.length || chars(named).length < 5 ? same : matching(function (other) { return other.includes(named); })).slice(0, 1).map(function (law) { return lawStarts[law]; }).filter(function (row) { return fronts.has(row); });
      }
      /** @type {number[]} */
      var rows = [], last = [];
      /** @param {string} text The law it ends with, the longest such name. */
      function endsWith(text) {
        for (var all = chars(text); all.length > 1; all.shift()) {
          var name = all.join(""), found = matching(function (other) { return other === name; });
          if (found.length) return found;
        }
        return [];
      }
      /** @param {string} text The name of a part of the law may follow. */
      function before(text) {
        var found = endsWith(text), all = chars(text);
        if (/[编章节]$/.test(text)) for (var cut = 1; cut < 9 && cut < all.length && !found.length; cut++) found = endsWith(all.slice(0, -cut).join(""));
        return found;
      }
      /** @param {string} name @param {boolean | undefined} sure */
      function lawsOf(name, sure) {
        var found = matching(function (other) { return !name || other === name; });
        if (!found.length && sure && /[编章节]$/.test(name)) found = before(name);
        return found.length ? found : matching(function (other) { return chars(name).length > 1 && other.startsWith(name); });
      }
      /** @param {string} name A name one character away. */
      function slipped(name) {
        return matching(function (other) { return other.length === name.length && chars(name).filter(function (c, n) { return c !== chars(other)[n]; }).length === 1; });
      }
      wanted.forEach(function (one) {
        var name = one.law, here = [], found = one.inside ? before(name) : lawsOf(name, one.sure);
        if (!found.length && one.sure) found = before(name);
        if (!found.length && one.sure && chars(name).length > 3) found = slipped(name);
        if (one.inside && !found.length) found = last;
        found.forEach(function (law) { var at = numbers(names[law][2]).indexOf(one.place); if (at >= 0) here.push(lawStarts[law] + at); });
        if (!here.length && name && found.length && names[found[0]][2][0] === "-") here = [lawStarts[found[0]]];
        here.slice(0, name || one.inside ? 1 : 5).forEach(function (row) { if (!rows.includes(row)) rows.push(row); });
        last = found;
      });
      return rows;
    }

    // letters as Chinese: see src/index/query/pinyin.rs
    /** @typedef {{runs: string[], other: string[] | null}} Reading Runs as they are searched, and the other thing their letters may mean. */
    /** @param {string[]} typed @param {boolean} capitals @returns {Promise<Reading | null>} */
    async function toChinese(typed, capitals) {
      var plain = typed.map(withoutTones);
      if (plain.map(function (run) { return scriptOf(run) ? run.replace(/[^a-z]/g, "") : ""; }).join("").length < 2) return null;
      var base = await syllables();
      /** @type {Map<string, [string, boolean][]>} */
      var readings = new Map();
      /** @type {Record<string, string[]>} */
      var phrases = {};
      /** @type {Map<string, number>} */
      var pairs = new Map();
      /** @type {string[]} */
      var words = [];
      /** @type {[string, [string, boolean][]][]} */
      var table = Object.keys(base).map(function (syllable) {
        var often = chars(base[syllable].split("|")[0]).length, all = chars(base[syllable].replace("|", ""));
        all.forEach(function (c, place) { readings.set(c, (readings.get(c) || []).concat([[syllable, place < often]])); });
        return [syllable, all.map(function (c, place) { return [c, place < often]; })];
      });
      // What stands beside a character is told with the characters of its own syllables.
      var wanted = plain.map(function (run) { return scriptOf(run) > 1 ? run + readsOf(run).join("") : run; }).join("");
      await Promise.all(Array.from(new Set(wanted)).filter(function (letter) { return core.pinyin.index.includes(letter); }).sort().map(async function (letter) {
        var value = await file(core.pinyin.dir + "/" + letter).catch(function () { return null; });
        if (!value) return;
        phrases[letter] = value[0].split("|"); words = words.concat((value[2] || "").split("|").filter(Boolean));
        value[1].split("|").forEach(function (/** @type {string} */ group) {
          var all = chars(group), worth = 0;
          for (var n = 1; n < all.length; n++) { if (all[n] >= "0" && all[n] <= "9") worth = +all[n] + 1; else pairs.set(all[0] + all[n], worth); }
        });
      }));
      /** @param {string} text @returns {boolean} */
      function isSyllables(text) {
        if (!text) return true;
        for (var n = 1; n <= Math.min(text.length, 6); n++) if (base[text.slice(0, n)] && isSyllables(text.slice(n))) return true;
        return false;
      }
      // Whether the site writes these letters itself, as it writes APP; or begins words with them, where they are not too few.
      /** @param {string} run */
      function isWord(run) { return words.includes(run); }
      /** @param {string} run */
      function isBegun(run) { return isWord(run) || run.length > 2 && words.some(function (word) { return word.startsWith(run); }); }
      var out = [], others = [], at = 0, twofold = false;
      while (at < typed.length) {
        var group = [typed[at]], kind = scriptOf(plain[at]), from = at++;
        while (at < typed.length && scriptOf(plain[at]) === kind) group.push(typed[at++]);
        var read = kind === 1 ? meant(group, plain.slice(from, at)) : kind && !capitals ? rejoined(group, plain.slice(from, at)) : { runs: group, other: null };
        if (!read) return null;
        if (read.other) twofold = true;
        out = out.concat(read.runs); others = others.concat(read.other || read.runs);
      }
      return { runs: out, other: twofold ? others : null };

      /** @param {string[]} group */
      function edges(group) { var sum = 0; return group.slice(0, -1).map(function (run) { return (sum += run.length); }); }
      /** @param {string} run Letters that begin the syllables of its characters. */
      function readsOf(run) { return chars(run).map(function (c) { return (readings.get(c) || []).map(function (one) { return one[0][0]; }).join(""); }); }
      /** What letters mean, first and else. @param {string[]} group @param {string[]} plain @returns {Reading | null} */
      function meant(group, plain) {
        var found = phrase(plain.join(""), edges(plain)), opening = found && !found[1] ? [found[0]] : null;
        if (group.some(function (run) { return isWord(run) && !isSyllables(run); })) return { runs: group, other: opening };
        var read = chinese(plain);
        if (!read) return null;
        if (capitals && group.every(function (run) { return run.length < 7; })) return { runs: group, other: [read] };
        if (!opening && group.every(isWord)) return { runs: group, other: [read] };
        return { runs: [read], other: group.every(isBegun) ? group : null };
      }
      /** A phrase of the site, or characters that all are neighbours there. @param {string} plain @returns {string | null} */
      function word(plain) {
        var found = phrase(plain, []), all = chars(found && !found[1] ? "" : chinese([plain]) || "");
        return found && !found[1] ? found[0] : all.every(function (c, at) { return !at || pairs.has(all[at - 1] + c); }) ? all.join("") : null;
      }
      /** Words with letters and characters: 离hun. @param {string[]} group @param {string[]} plain @returns {Reading} */
      function rejoined(group, plain) {
        var written = false, runs = group.map(function (run, n) {
          var parts = plain[n].match(/[a-z]{2,}/g);
          if (parts && parts.some(isWord)) written = true;
          return parts && word(plain[n]) || run;
        }), same = runs.join(" ") === group.join(" ");
        return written && !same ? { runs: group, other: runs } : { runs: runs, other: null };
      }
      /** Whether a phrase is these letters, written out. @param {string[]} all @param {string} text @returns {boolean} */
      function spells(all, text) {
        return all.length ? (readings.get(all[0]) || []).some(function (one) { return text.startsWith(one[0]) && spells(all.slice(1), text.slice(one[0].length)); }) : !text;
      }
      /** @param {string[]} group */
      function chinese(group) {
        var text = group.join(""), borders = edges(group);
        if (text.length > 40) return null;
        var found = phrase(text, borders), spelt = group.some(function (run) {
          for (var at = 0; at < run.length; at++) for (var n = 2; n < 7; n++) if (at + n <= run.length && base[run.slice(at, at + n)]) return true;
          return false;
        });
        var alone = base[text] && !borders.length;
        if (found && !found[1] && (!alone || spells(chars(found[0]), text))) return found[0];
        if (alone) return chars(base[text].replace("|", ""))[0];
        return spelt && neighbours(text, borders, false) || (found ? found[0] : spelt ? neighbours(text, borders, true) : null);
      }
      /** @param {string} text @param {number[]} borders @returns {[string, number] | null} */
      function phrase(text, borders) {
        /** @type {Map<string, [number, number]>} */
        var found = new Map(), best = null, least = [0, 0];
        for (var one of phrases[text[0] > "z" ? readsOf(text[0])[0][0] : text[0]] || []) {
          var all = chars(one), way = reads(text, 0, all, 0, borders), begin = way && all.slice(0, way[0]).join(""), known = begin && found.get(begin);
          if (known) known[1]++; else if (way && begin) found.set(begin, [way[1], 1]);
        }
        found.forEach(function (way, begin) { if (!best || way[0] < least[0] || way[0] === least[0] && way[1] > least[1]) { best = begin; least = way; } });
        return best && [best, least[0]];
      }
      /** @param {string} text @param {number} at @param {string[]} all @param {number} place @param {number[]} borders @returns {[number, number] | null} */
      function reads(text, at, all, place, borders) {
        if (at === text.length) return place > 1 ? [place, 0] : null;
        if (text[at] > "z") return text[at] === all[place] ? reads(text, at + 1, all, place + 1, borders) : null;
        var best = null, known = readings.get(all[place]);
        if (!known) return null;
        for (var one of known) for (var way of ways(text.slice(at), one[0])) {
          if (way[1] && !one[1] || crosses(borders, at, way[0])) continue;
          var rest = reads(text, at + way[0], all, place + 1, borders);
          if (!rest) continue;
          var begun = (way[1] && at + way[0] < text.length || !one[1] ? 1 : 0) + rest[1];
          if (!best || begun < best[1]) best = [rest[0], begun];
        }
        return /** @type {any} */ (best);
      }
      /** @param {string} text @param {number[]} borders @param {boolean} begun */
      function neighbours(text, borders, begun) {
        if (begun && text.length > 8) return null;
        /** @type {Map<string, [number, [number, string] | null]>[]} */
        var ends = [];
        for (var n = 0; n <= text.length; n++) ends.push(new Map());
        for (var at = 0; at < text.length; at++) {
          if (at && !ends[at].size) continue;
          var before = byFrequency(ends[at]);
          for (var entry of text[at] > "z" ? [[text[at], [[text[at], true]]]] : table) for (var one of ways(text.slice(at), entry[0])) {
            if (crosses(borders, at, one[0]) || one[1] && at + one[0] !== text.length && !begun) continue;
            for (var char of entry[1]) {
              var c = char[0];
              if (one[1] && !char[1]) continue;
              /** @type {[number, [number, string] | null]} */
              var way = [0, null];
              if (at) {
                var most = -Infinity, from = "";
                for (var b of before) {
                  var pair = pairs.get(b[0] + c);
                  if (pair === undefined && begun) continue;
                  var worth = b[1][0] + (pair === undefined ? -4 : pair);
                  if (worth > most) { most = worth; from = b[0]; }
                }
                if (!from) continue;
                way = [most, [at, from]];
              }
              if (!char[1]) way[0] -= 2;
              var known = ends[at + one[0]].get(c);
              if (!known || way[0] > known[0]) ends[at + one[0]].set(c, way);
            }
          }
        }
        /** @type {any} */
        var last = null;
        byFrequency(ends[text.length]).forEach(function (end) { if (!last || end[1][0] > last[1][0]) last = end; });
        if (!last) return null;
        var out = last[0], back = last[1][1];
        while (back) { out = back[1] + out; back = /** @type {any} */ (ends[back[0]].get(back[1]))[1]; }
        return out;
      }
    }

    /** @template V @param {Map<string, V>} ends @returns {[string, V][]} */
    function byFrequency(ends) { return Array.from(ends).sort(function (a, b) { return rank(a[0]) - rank(b[0]); }); }
    /** @param {string} query @param {string[]} typed @returns {Promise<Reading>} Letters as Chinese, traditional characters as simplified ones. */
    async function interpret(query, typed) {
      var capitals = /[A-ZＡ-Ｚ]/.test(query) && !/[a-zａ-ｚ]/.test(query);
      // ldf44: the letters are read alone, and all stays as typed where they mean nothing.
      var apart = [].concat.apply([], /** @type {any} */ (typed.map(function (run) { return /^[a-z]{2,}[0-9]+$/.test(run) ? [run.replace(/[0-9]/g, ""), run.replace(/[a-z]/g, "")] : [run]; })));
      var meant = await toChinese(typed, capitals), read = !meant && apart.length > typed.length ? await toChinese(apart, capitals) : null;
      var out = meant || (read && read.runs.join(" ") !== apart.join(" ") ? read : { runs: typed, other: null });
      var all = Array.from(new Set(chars(out.runs.join("")).filter(function (c) { return c > "\x7f"; })));
      var found = await heads(all.map(function (c) { return rank(c) * 65536; }));
      var strange = new Set(all.filter(function (c, place) { var head = found[place]; return !rank(c) || !head || head.frequency <= RARE; }));
      if (!strange.size) return out;
      var pairs = chars(await file(core.variants).catch(function () { return ""; }));
      /** @type {Map<string, string>} */
      var simple = new Map();
      for (var n = pairs.length - 2; n >= 0; n -= 2) simple.set(pairs[n], pairs[n + 1]);
      out.runs = await Promise.all(out.runs.map(function (run) { return simplify(run, function (c) { return strange.has(c) && simple.get(c) || c; }); }));
      return out;
    }
    /** A run with its characters made simple, but for those the site has beside the same neighbour: 著 in 显著 is no 着. @param {string} run @param {(c: string) => string} simple */
    async function simplify(run, simple) {
      var all = chars(run);
      /** @param {string | undefined} first @param {string | undefined} second */
      function pair(first, second) { var high = first ? rank(first) : 0, low = second ? rank(second) : 0; return high && low ? high * 65536 + low : 0; }
      var made = all.map(simple), known = await heads([].concat.apply([], /** @type {any} */ (all.map(function (c, at) { return [pair(all[at - 1], c), pair(made[at - 1], c), pair(c, all[at + 1]), pair(c, made[at + 1])]; }))));
      return all.map(function (c, at) { return known.slice(at * 4, at * 4 + 4).some(Boolean) ? c : made[at]; }).join("");
    }

    /** @param {any} ranked @param {string[]} runs */
    async function anyHolds(ranked, runs) {
      var rows = ranked.inside.concat(ranked.outside);
      for (var at = 0; at < rows.length; at++) { ahead(rows, at, 10); if (await holds(rows[at], runs)) return true; }
      return false;
    }
    /** A slip in a word that nothing holds. @param {string[]} runs @param {boolean} plain @param {number[]} pinned @param {any} ranked @param {string[] | null} other @returns {Promise<string[] | null>} */
    async function mend(runs, plain, pinned, ranked, other) {
      if (pinned.length || !isLookup(runs, plain) || Math.max.apply(null, runs.map(function (run) { return chars(run).length; })) < 3 || await anyHolds(ranked, runs)) return null;
      early(syllables());
      var all = ranked;
      if (!ranked.free) { all = await rankRows(runs, plain, pinned, {}, other); if (await anyHolds(all, runs)) return null; }
      var texts = (await Promise.all(all.near.concat(all.inside).slice(0, 20).map(record))).map(function (doc) { return fold(doc.title) + " " + folded(doc); });
      var table = await syllables();
      var mended = runs.map(function (run) { return mendRun(run, texts, function (c) { return rank(c) > 0; }, table) || run; });
      return mended.join(" ") === runs.join(" ") ? null : mended;
    }

    return {
      build: manifest.build, topics: core.topics, lawNames: lawNames, texts: texts, textFiles: textStarts.length,
      /**
       * @param {string} query @param {Filters} filters @param {number} limit
       * @returns {Promise<any>}
       */
      search: async function (query, filters, limit) {
        query = chars(query).slice(0, 500).join("");
        var typed = runsOf(query);
        // All at once over the network: what the words need is fetched while their reading is settled.
        early(heads([].concat.apply(meantBy(typed.runs), /** @type {any} */ (typed.runs.map(keys))).filter(function (key) { return key >= 0; })));
        if (references(query, typed.runs).length || lawName(typed.runs)) early(lawNames());
        var read = await interpret(query, typed.runs), runs = read.runs, other = read.other;
        var pinned = await pins(query, runs), ranked = await rankRows(runs, typed.plain, pinned, filters, other);
        if (other && ranked.onlyOther) { runs = other; other = null; ranked = await rankRows(runs, typed.plain, pinned, filters, null); }
        var mended = await mend(runs, typed.plain, pinned, ranked, other);
        if (mended) { runs = mended; ranked = await rankRows(runs, typed.plain, [], filters, other); }
        var changed = runs.join(" ") !== typed.runs.join(" ");
        ranked.pinned.concat(ranked.near.slice(0, Math.max(0, limit - ranked.inside.length - ranked.outside.length - ranked.also.length))).forEach(function (row) { early(record(row)); });
        var rows = (await settle(ranked, runs, other, limit)).slice(0, limit), docs = await Promise.all(rows.map(record));
        return {
          total: ranked.total,
          complete: ranked.complete && !ranked.near.length, held: ranked.inside.length + ranked.outside.length + ranked.also.length + pinned.length > 0, lookup: ranked.complete,
          readAs: changed ? runs.join(" ") : "", mended: !!mended, runs: other && ranked.also.length ? runs.concat(other) : runs, facets: ranked.facets,
          results: rows.map(function (row, place) { return Object.assign({ kind: kindNames[kinds[row]], score: Math.floor(ranked.key(row) / ROWS) }, docs[place]); })
        };
      }
    };
  }

  /** @param {string} run As pinyin is typed without marks. */
  function withoutTones(run) {
    return run.replace(/[^a-z一-鿿]/g, function (c) {
      var all = "aāáǎàăâ eēéěèĕê iīíǐìĭî oōóǒòŏô uūúǔùŭû vüǖǘǚǜ nńňǹ".split(" ").find(function (one) { return c > "\x7f" && one.includes(c.toLowerCase()); });
      return all ? all[0] : c;
    });
  }
  /** @param {string} plain @returns {number} 1 for letters, 2 for letters and Chinese characters. */
  function scriptOf(plain) { return /^[a-z]+$/.test(plain) ? 1 : /^[a-z一-鿿]+$/.test(plain) && /[a-z]/.test(plain) ? 2 : 0; }
  /** @param {number[]} borders @param {number} at @param {number} length */
  function crosses(borders, at, length) { return borders.some(function (border) { return border > at && border < at + length; }); }
  /** How a syllable may be typed: letters taken, and whether it was only begun. @param {string} rest @param {string} syllable @returns {[number, boolean][]} */
  function ways(rest, syllable) {
    /** @type {[number, boolean][]} */
    var out = [];
    if (rest.startsWith(syllable)) out.push([syllable.length, false]); else if (syllable.startsWith(rest)) out.push([rest.length, true]);
    (/^[zcs]h./.test(syllable) ? [1, 2] : [1]).forEach(function (length) {
      if (length < syllable.length && rest.length >= length && rest.slice(0, length) === syllable.slice(0, length) && !out.some(function (way) { return way[0] === length; })) out.push([length, true]);
    });
    return out;
  }
  var NUMERAL = /[0-9〇零一二三四五六七八九十百千万]/;
  /** The word of the texts that is one character away: see src/index/query/correct.rs. @param {string} run @param {string[]} texts @param {(c: string) => boolean} knows @param {Record<string, string>} syllables */
  function mendRun(run, texts, knows, syllables) {
    var wanted = chars(run), size = wanted.length;
    if (size < 3 || /^[\x00-\x7f]*$/.test(run) || texts.some(function (text) { return text.includes(run); })) return null;
    /** @type {Map<string, Set<any>[]>} In which texts, and what stands before and behind. */
    var found = new Map();
    texts.forEach(function (text, number) {
      var all = chars(text);
      for (var at = 0; at + size <= all.length; at++) {
        var apart = 0;
        for (var n = 0; n < size && apart < 2; n++) { if (all[at + n] === " " || all[at + n] !== wanted[n] && NUMERAL.test(all[at + n] + wanted[n])) apart = 2; else if (all[at + n] !== wanted[n]) apart++; }
        if (apart !== 1) continue;
        var word = all.slice(at, at + size).join(""), seen = found.get(word) || [new Set(), new Set(), new Set()];
        found.set(word, seen);
        [number, all[at - 1], all[at + size]].forEach(function (value, i) { seen[i].add(value); });
      }
    });
    /** @param {Set<any>} beside */
    function isBorder(beside) { return beside.size > 1 || beside.has(undefined) || beside.has(" "); }
    var needed = size === 3 ? 5 : 2, best = null;
    inText(found).forEach(function (one) {
      var word = chars(one[0]), seen = one[1], count = seen[0].size, at = word.findIndex(function (c, n) { return c !== wanted[n]; });
      var alike = Object.keys(syllables).some(function (s) { return syllables[s].includes(word[at]) && syllables[s].includes(wanted[at]); });
      var likely = at && at < size - 1 || isBorder(seen[at ? 2 : 1]) && (alike || size > 4);
      var worth = (alike ? 1000 : 0) + count;
      if ((likely && (alike || count >= needed) || !knows(wanted[at])) && (!best || worth > best[1])) best = [one[0], worth];
    });
    return best && /** @type {any} */ (best)[0];
  }
  /** @template T @param {Map<string, T>} map Sorted as text by code points. */
  function inText(map) {
    return Array.from(map).sort(function (a, b) {
      var x = chars(a[0]), y = chars(b[0]);
      for (var n = 0; n < x.length; n++) if (x[n] !== y[n]) return /** @type {number} */ (x[n].codePointAt(0)) - /** @type {number} */ (y[n].codePointAt(0));
      return 0;
    });
  }

  // ---- numbers of articles ----
  var DIGITS = "〇一二三四五六七八九", UNITS = "十百千万";
  /** @param {string} text @returns {[number, number] | null} Value and length of the number a text begins with. */
  function readNumber(text) {
    var m = /^[0-9]+/.exec(text);
    if (m) return +m[0] > 99999 ? null : [+m[0], m[0].length];
    var total = 0, section = 0, digit = -1, positional = 0, unit = false, used = 0;
    for (; used < text.length; used++) {
      var c = text[used], d = DIGITS.indexOf(c === "零" ? "〇" : c === "两" ? "二" : c), u = UNITS.indexOf(c);
      if (d >= 0) { positional = positional * 10 + d; digit = d; if (positional > 4294967295) return null; }
      else if (u >= 0) {
        unit = true;
        if (u === 3) { total = (section + Math.max(digit, 0)) * 10000; section = 0; } else section += (digit < 0 ? 1 : digit) * Math.pow(10, u + 1);
        digit = -1;
      } else break;
    }
    var value = unit ? total + section + Math.max(digit, 0) : positional;
    return used && value <= 99999 ? [value, used] : null;
  }
  /** @typedef {{law: string, place: string, inside?: boolean, sure?: boolean}} Reference Where 条 or figures make it `sure`, other words may stand before the name. */
  /** @param {string} query @param {string[]} runs @returns {Reference[]} */
  function references(query, runs) {
    /** @param {string} text */
    function short(text) { return text.replace(/中华人民共和国/g, ""); }
    // Words stand apart where a mark or a blank was: 38、46条 is two numbers, 133-1条 is one; 1079-1081 is a range.
    var parts = query.split(/[-－—]/).map(fold), dashed = parts.some(function (part, n) {
      var before = /[0-9]*$/.exec(parts[n - 1] || ""), behind = /^[0-9]+/.exec(part);
      return n > 0 && behind && !(before && before[0] && +behind[0] > +before[0]);
    });
    var joined = short(runs.join("")), found = inside(dashed ? joined : short(runs.join(" ")));
    if (found.length > 1) return found;
    var one = alone(query, joined, dashed);
    if (one && inside(one.law).length) one = null;
    if (!one && !found.length) one = turned(joined);
    return one ? [one] : found;
  }
  /** @param {string} joined A number and a law's name behind it. @returns {Reference | null} */
  function turned(joined) {
    var text = joined.replace(/^第/, ""), read = readNumber(text);
    if (!read) return null;
    var rest = text.slice(read[1]), behind = rest.replace(/^条/, ""), parts = partsOf(behind);
    var law = lawName([behind.slice(parts[1])]);
    if (!law || behind === rest && !/^[0-9]/.test(text)) return null;
    return { law: law, place: parts[0] ? read[0] + "." + parts[0] : String(read[0]) };
  }
  /** @param {string} text A law and numbers with 条 anywhere in a sentence. @returns {Reference[]} */
  function inside(text) {
    var found = [], from = 0, at = 0, behind = false;
    while (at < text.length) {
      var c = text[at], numeral = /[0-9〇零一二两三四五六七八九十百千]/.test(c), law = text.slice(from, at).replace(/ /g, "");
      var list = !behind && (numeral || c === "第") && (found.length || chars(law).length > 1) ? listed(text.slice(at)) : null;
      if (list) {
        list.places.forEach(function (place, n) { found.push({ law: n ? "" : law, place: place, inside: true }); });
        from = at += list.used;
      } else at++;
      behind = numeral;
    }
    return found;
  }
  /** @param {string} text The numbers it begins with, the last with 条 or all in figures to the end. @returns {{places: string[], used: number} | null} */
  function listed(text) {
    var places = [], rest = text;
    for (;;) {
      rest = rest.replace(/^第/, "").trimStart();
      var read = readNumber(rest);
      if (!read) return null;
      rest = rest.slice(read[1]);
      if (/^ *条(?!例)/.test(rest)) {
        rest = rest.trimStart().slice(1);
        var parts = partsOf(rest);
        places.push(parts[0] ? read[0] + "." + parts[0] : String(read[0]));
        return { places: places, used: text.length - rest.length + parts[1] };
      }
      places.push(String(read[0]));
      var next = rest.replace(/^[ 和与及或至到]+/, "");
      if (next === rest) return places.length > 1 && /^[0-9 ]+$/.test(text) ? { places: places, used: text.length } : null;
      rest = next;
    }
  }
  /** @param {string} text What may stand behind an article's number: 之N, N款, N项. @returns {[number, number]} The inserted number, and the length. */
  function partsOf(text) {
    var inserted = text[0] === "之" ? readNumber(text.slice(1)) : null, at = inserted ? inserted[1] + 1 : 0;
    ["款", "项"].forEach(function (mark) {
      var rest = text.slice(at).replace(/^第/, ""), read = readNumber(rest);
      if (read && rest[read[1]] === mark) at = text.length - rest.length + read[1] + 1;
    });
    return [inserted ? inserted[0] : 0, at];
  }
  /** @param {string} query @param {string} joined A name and a number, and nothing more. @param {boolean} isDashed @returns {Reference | null} */
  function alone(query, joined, isDashed) {
    var tail = isDashed && /[-－—]([^-－—]*)$/.exec(query.trimEnd());
    var last = tail ? tail[1].trim().replace(/条+$/, "") : "", dashed = /^\+?[0-9]+$/.test(last) ? +last : null;
    for (var start = 0; start < joined.length; start++) if (/[0-9〇零一二两三四五六七八九十百千]/.test(joined[start]) && toTheEnd(joined.slice(start))) break;
    if (start === joined.length) return null;
    var before = joined.slice(0, start), rest = joined.slice(start), sure = joined.includes("条") || /^[0-9]/.test(rest), marked = before.endsWith("第"), law = before.replace(/第+$/, ""), main, sub = 0;
    if (dashed !== null) {
      rest = rest.replace(/条+$/, "");
      if (!rest.endsWith(String(dashed))) return null;
      var digits = rest.slice(0, -String(dashed).length);
      if (!/^[0-9]+$/.test(digits)) return null;
      main = +digits; rest = ""; sub = dashed;
    } else {
      var read = readNumber(rest);
      if (!read) return null;
      main = read[0];
      rest = rest.slice(read[1]).replace(/^条+/, "");
      var inserted = rest[0] === "之" ? readNumber(rest.slice(1)) : null;
      if (inserted) sub = inserted[0];
    }
    if (!law && !(marked && joined.includes("条"))) return null;
    return { law: law, place: sub ? main + "." + sub : String(main), sure: sure };
  }
  /** @param {string[]} runs The name of a law a query may be. */
  function lawName(runs) {
    var name = runs.join("").replace(/中华人民共和国/g, "").replace(/(全文|原文|条文|法条)$/, "");
    return chars(name).length > 1 && /(法|典|条例|规定|解释|办法|细则|规则|决定|意见)$/.test(name) ? name : "";
  }
  /** @param {string} text A number, perhaps 条, 之N, 第N款, 第N项, and nothing more. */
  function toTheEnd(text) {
    var read = readNumber(text);
    if (!read) return false;
    var rest = text.slice(read[1]).replace(/^条+/, "");
    rest = rest.slice(partsOf(rest)[1]);
    // 第二 for 第二款: the mark is left out at the end.
    var number = rest[0] === "第" ? readNumber(rest.slice(1)) : null;
    return !rest || !!number && number[1] + 1 === rest.length;
  }
  /** @param {string} text The numbers of a law's rows: `1079`, `133.1`, or empty. */
  function numbers(text) {
    /** @type {string[]} */
    var out = [];
    text.split(" ").forEach(function (run) {
      var parts = run.split("+"), many = parts[1] ? +parts[1] : 1;
      for (var n = 0; n < many; n++) out.push(run[0] === "-" ? "" : many > 1 ? String(+parts[0] + n) : parts[0]);
    });
    return out;
  }

  // ---- snippets: see src/index/query/snippet.rs ----
  /** @param {string[]} all @param {string[]} runs @returns {Uint8Array} How long the part of a run is that each character belongs to. */
  function marksOf(all, runs) {
    var marks = new Uint8Array(all.length), places = [], folded = [];
    for (var i = 0; i < all.length; i++) { var f = classOf(all[i]); if (f && typeof f === "string") { places.push(i); folded.push(f); } }
    runs.forEach(function (text) {
      var run = chars(text);
      /** @type {Map<string, number[]>} */
      var starts = new Map();
      run.forEach(function (c, n) { var known = starts.get(c); if (known) known.push(n); else starts.set(c, [n]); });
      for (var at = 0; at < folded.length; at++) {
        var from = starts.get(folded[at]);
        if (from) for (var n of from) {
          var length = 1;
          while (n + length < run.length && folded[at + length] === run[n + length]) length++;
          if (length > 1 || run.length === 1) for (var p = places[at]; p <= places[at + length - 1]; p++) marks[p] = Math.max(marks[p], length);
        }
      }
    });
    return marks;
  }
  var LENGTH = 88, LEAD = 16;
  /** @param {string} text @param {string[]} runs @returns {{text: string, marked: boolean}[]} */
  function snippet(text, runs) {
    var all = chars(text.replace(/\n/g, " ")), marks = marksOf(all, runs), start = 0;
    if (all.length > LENGTH) {
      var sum = 0, best, n;
      for (n = 0; n < LENGTH; n++) sum += marks[n] * marks[n];
      best = sum;
      for (n = 1; n <= all.length - LENGTH; n++) { sum += marks[n + LENGTH - 1] * marks[n + LENGTH - 1] - marks[n - 1] * marks[n - 1]; if (sum > best) { best = sum; start = n; } }
      var first = marks.subarray(start).findIndex(function (mark) { return mark > 0; });
      start = Math.min(Math.max(start + Math.max(first, 0) - LEAD, 0), all.length - LENGTH);
    }
    var end = Math.min(all.length, start + LENGTH), out = pieces(all.slice(start, end), marks.subarray(start, end));
    if (start > 0) out.unshift({ text: "…", marked: false });
    if (end < all.length) out.push({ text: "…", marked: false });
    return out;
  }
  /** @param {string[]} all @param {Uint8Array} marks */
  function pieces(all, marks) {
    /** @type {{text: string, marked: boolean}[]} */
    var out = [];
    all.forEach(function (c, at) {
      var last = out[out.length - 1], marked = marks[at] > 0;
      if (last && last.marked === marked) last.text += c; else out.push({ text: c, marked: marked });
    });
    return out;
  }

  pufa.search = { engine: open, fold: fold, runs: runsOf, references: references, snippet: snippet, pieces: pieces, marks: marksOf };
})();

// The boxes readers type in: the dialog, the search page, the question box of the front page.
(function () {
  "use strict";
  if (typeof document === "undefined") return;
  /** @type {any} */
  var pufa = /** @type {any} */ (window).pufa, core = pufa.search, doc = document, data = pufa.data || {}, onDisk = location.protocol === "file:";
  var PAGE = 10, NAMES = ["kind", "topic", "audience", "law"], KINDS = ["law", "question", "case", "episode", "article", "page"];
  // The search page in the language of this one.
  var searchPage = data.search || (data.root || "") + "search/";
  if (onDisk) searchPage = searchPage.replace(/\/$/, "/index.html");
  /** @param {string} key @param {Record<string, any>} [blanks] */
  function t(key, blanks) { return pufa.t("search." + key, blanks); }
  /** @param {string} tag @param {string} cls @param {(Node | string)[]} [inside] @returns {any} */
  function make(tag, cls, inside) { var e = doc.createElement(tag); if (cls) e.className = cls; if (inside) e.append.apply(e, inside); return e; }

  // ---- files of the index: fetched, or as scripts where a browser refuses to fetch ----
  var folder = (data.root || "") + "search/";
  /** @type {Record<string, ((value: any) => void)[]>} */
  var waiting = {};
  /** @type {any} */ (window).pufaSearch = function (/** @type {string} */ name, /** @type {any} */ value) { (waiting[name] || []).forEach(function (done) { done(value); }); delete waiting[name]; };
  /** @param {string} name @param {boolean} [fresh] @returns {Promise<any>} */
  function load(name, fresh) {
    if (!onDisk) return fetch(folder + name + ".js", fresh ? { cache: "no-cache" } : {}).then(function (answer) {
      if (!answer.ok) throw new Error(name);
      return answer.text();
    }).then(function (text) { return JSON.parse(text.slice(text.indexOf(",") + 1, text.lastIndexOf(")"))); });
    return new Promise(function (done, fail) {
      var s = doc.createElement("script");
      (waiting[name] = waiting[name] || []).push(done);
      s.onload = function () { s.remove(); }; s.onerror = function () { s.remove(); fail(new Error(name)); };
      s.src = folder + name + ".js"; doc.head.append(s);
    });
  }
  /** @type {Promise<any> | null} */
  var engine = null;
  function ready() {
    if (!engine) { engine = core.engine(load); /** @type {any} */ (engine).catch(function () { engine = null; }); }
    return /** @type {Promise<any>} */ (engine);
  }
  /** A site published anew has other files: then the index is opened once more. @param {string} query @param {any} filters @param {number} limit */
  async function ask(query, filters, limit) {
    try { return await (await ready()).search(query, filters, limit); } catch (e) { engine = null; return await (await ready()).search(query, filters, limit); }
  }

  /** Texts of so many files are fetched in the reader's pauses: some 300 kB over the network. */
  var FEW_FILES = 64, rested = false;
  /** After the first answer the texts of a small index come one file after the other, so that further answers wait for less. */
  async function rest() {
    if (rested || onDisk || pufa.costly()) return;
    rested = true;
    try {
      var all = await ready();
      if (all.textFiles > FEW_FILES) return;
      for (var n = 0; n < all.textFiles; n++) { await pause(); await all.texts(n); }
    } catch (e) { /* asked for again where it is needed */ }
  }
  function pause() { return new Promise(function (done) { if (window.requestIdleCallback) requestIdleCallback(done); else setTimeout(done, 200); }); }

  // ---- a box ----
  /**
   * @typedef {{form: HTMLFormElement, input: HTMLInputElement, home: HTMLElement, status: HTMLElement, live: HTMLElement, facets: HTMLElement, list: HTMLElement, foot: HTMLElement,
   *   filters: Record<string, string>, limit: number, page: boolean, busy: boolean, again: boolean, shown: string, words: string, composing: boolean,
   *   since: number, chosen: boolean, down: number}} Box `since` when results are shown, whether a filter was `chosen` just now, how far `down` the reader was.
   */
  /** @type {Map<HTMLFormElement, Box>} */
  var boxes = new Map();
  /** @param {HTMLFormElement} form */
  function enhance(form) {
    var input = /** @type {HTMLInputElement | null} */ (form.querySelector("input[name=q]"));
    if (!input || boxes.has(form)) return;
    var page = form.dataset.search === "page", home = make("div", "search-panel"), status = make("p", "search-status"), facets = make("div", "search-facets"), list = make("ol", "search-list"), foot = make("div", "search-foot");
    // What changes is heard only from a region that was there before.
    var live = make("p", "visually-hidden");
    live.setAttribute("role", "status"); status.setAttribute("aria-hidden", "true");
    home.append(status, facets, list, foot);
    home.hidden = true;
    form.append(live, home);
    /** @type {Box} */
    var box = { form: form, input: input, home: home, status: status, live: live, facets: facets, list: list, foot: foot, filters: {}, limit: PAGE, page: page, busy: false, again: false, shown: "", words: "", composing: false, since: 0, chosen: false, down: 0 };
    boxes.set(form, box);
    input.addEventListener("focus", function () { ready().catch(function () { /* told when something is asked */ }); });
    input.addEventListener("compositionstart", function () { box.composing = true; });
    input.addEventListener("compositionend", function () { box.composing = false; typed(box); });
    input.addEventListener("input", function (event) { if (!box.composing && !(/** @type {InputEvent} */ (event).isComposing)) typed(box); });
    form.addEventListener("keydown", function (event) { keys(box, event); });
    form.addEventListener("submit", function (event) { if (page) { event.preventDefault(); typed(box); } else if (!input || !input.value.trim()) event.preventDefault(); });
    list.addEventListener("click", function (/** @type {MouseEvent} */ event) { opened(box, event); });
    if (doc.activeElement === input) { ready().catch(function () { /* as above */ }); if (input.value.trim()) typed(box); }
  }
  /** @param {Box} box */
  function typed(box) { box.limit = PAGE; run(box); }
  /** @param {Box} box Asks what the box holds now; while it waits, only the last wish counts. */
  async function run(box) {
    if (box.busy) { box.again = true; return; }
    var query = box.input.value.trim();
    remember(box, query);
    if (!query) { clear(box); return; }
    box.busy = true;
    var slow = setTimeout(function () { box.home.hidden = false; tell(box, t("loading")); }, 400);
    try {
      var words = pufa.load("strings"), answer = await ask(query, box.filters, box.limit);
      await words;
      var names = box.page && answer.facets.law.length ? await (await ready()).lawNames() : null;
      if (!box.again) { show(box, query, answer, names); rest(); }
    } catch (e) {
      box.home.hidden = false; box.facets.replaceChildren(); box.list.replaceChildren(); box.foot.replaceChildren();
      tell(box, t(navigator.onLine || onDisk ? "failed" : "offline"));
    } finally { clearTimeout(slow); box.busy = false; }
    if (box.again) { box.again = false; run(box); }
  }
  /** @param {Box} box @param {string} text Shown and heard. */
  function tell(box, text) { box.status.textContent = box.live.textContent = text; }
  /** @param {Box} box */
  function clear(box) { box.home.hidden = true; tell(box, ""); box.facets.replaceChildren(); box.list.replaceChildren(); box.foot.replaceChildren(); }
  /** How long results stand before another search is a step of its own, in milliseconds. */
  var MOMENT = 1500;
  /**
   * The search page's address says what is searched, as soon as the reader stops for a moment: browsers take long for it. A filter,
   * and a query left for another after its results were looked at, is a step to come back to.
   * @param {Box} box @param {string} query
   */
  function remember(box, query) {
    if (!box.page) return;
    var asked = new URLSearchParams();
    if (query) asked.set("q", query);
    NAMES.forEach(function (name) { if (box.filters[name]) asked.set(name, box.filters[name]); });
    var next = location.pathname + (asked.toString() ? "?" + asked : ""), step = box.chosen || box.since && query !== box.shown && Date.now() - box.since > MOMENT;
    box.chosen = false;
    if (step && next !== (address || location.pathname + location.search)) {
      keepEntry(box);
      box.since = 0;
      try { history.pushState(null, "", next); return; } catch (e) { /* replaced, then */ }
    }
    if (!address) setTimeout(setAddress, 300);
    address = next;
  }
  var address = "";
  function setAddress() {
    try { if (address) history.replaceState(null, "", address); } catch (e) { /* the address stays as it was */ }
    address = "";
  }
  /** Who comes back finds as many results as there were, and the place. @param {Box} box */
  function keepEntry(box) {
    setAddress();
    try { history.replaceState({ limit: box.list.children.length, down: scrollY }, ""); } catch (e) { /* then from the top */ }
  }
  /** @param {Box} box Asks what the address says. */
  function fromAddress(box) {
    var asked = new URLSearchParams(location.search), state = history.state || {};
    box.input.value = (asked.get("q") || "").slice(0, 500);
    box.filters = {};
    if (box.page) NAMES.forEach(function (name) {
      var value = asked.get(name);
      if (value && name === "kind") value = value === "qa" ? "question" : KINDS.includes(value) ? value : "";
      if (value) box.filters[name] = value;
    });
    box.limit = state.limit || PAGE; box.down = state.down || 0; box.since = 0;
    run(box);
  }
  function pageBox() { return Array.from(boxes.values()).find(function (box) { return box.page; }); }
  window.addEventListener("pagehide", function () { var box = pageBox(); if (box) keepEntry(box); });
  window.addEventListener("popstate", function () {
    var box = pageBox();
    // A step to an anchor of the page is none of the search.
    if (box && !location.hash) { address = ""; fromAddress(box); }
  });

  // ---- what is shown ----
  /** @param {{text: string, marked: boolean}[]} pieces @returns {(Node | string)[]} */
  function nodes(pieces) { return pieces.map(function (piece) { return piece.marked ? make("mark", "", [piece.text]) : piece.text; }); }
  /** @param {string} text @param {string[]} runs */
  function marked(text, runs) { var all = Array.from(text); return nodes(core.pieces(all, core.marks(all, runs))); }
  /** @param {any} result @param {string[]} runs */
  function item(result, runs) {
    var link = make("a", "search-link", [make("span", "search-kind", [t("kinds." + result.kind)]), " ", make("span", "search-title", marked(result.title, runs))]);
    var at = result.url.slice(1), cut = at.indexOf("#");
    if (onDisk) at = (cut < 0 ? at : at.slice(0, cut)) + "?mark=" + encodeURIComponent(runs.join(" ")) + (cut < 0 ? "" : at.slice(cut));
    link.href = ((data.root || "") + at) || "./";
    var out = make("li", "search-item", [link]);
    if (result.breadcrumb) out.append(make("p", "search-way", [result.breadcrumb]));
    if (result.text) out.append(make("p", "search-text", nodes(core.snippet(result.text, runs))));
    return out;
  }
  /** @param {Box} box @param {string} query @param {any} answer @param {any[] | null} names */
  function show(box, query, answer, names) {
    var n = answer.total, words = answer.readAs || query, chosen = NAMES.filter(function (name) { return box.filters[name]; }).map(function (name) { return name === "kind" ? t("kinds." + box.filters.kind) : box.filters[name]; }), filtered = chosen.length > 0;
    var said = !n ? t(filtered ? "none_in" : "none", { q: query, names: chosen.join("”“") }) : t(answer.complete ? "found" : answer.lookup && !answer.held && !filtered ? "near" : "best", { q: words, n: n });
    if (n && answer.readAs) said = t(answer.mended ? "mended" : "read_as", { q: answer.readAs }) + " " + said;
    box.home.hidden = false;
    facets(box, answer, names);
    box.list.replaceChildren.apply(box.list, answer.results.map(function (/** @type {any} */ result) { return item(result, answer.runs); }));
    box.foot.replaceChildren.apply(box.foot, n ? more(box, answer) : (filtered ? [widen(box)] : []).concat(help()));
    tell(box, said);
    box.words = answer.runs.join(" ");
    if (box.shown !== query || !box.since) { box.shown = query; box.since = Date.now(); }
    if (box.down) { scrollTo(0, box.down); box.down = 0; }
  }
  /** @param {Box} box A way out of filters that leave nothing. */
  function widen(box) {
    var b = make("button", "button quiet", [t("widen")]);
    b.type = "button"; b.onclick = function () { box.filters = {}; box.chosen = true; typed(box); box.input.focus(); };
    return b;
  }
  /** @param {Box} box @param {any} answer @returns {Node[]} */
  function more(box, answer) {
    if (answer.results.length >= answer.total) return [];
    var b = make("button", "button quiet", [t("more")]);
    b.type = "button";
    b.onclick = function () {
      var before = box.list.children.length;
      box.limit += PAGE;
      run(box).then(function () { var next = box.list.children[before], link = next && next.querySelector("a"); if (link) link.focus(); });
    };
    return [b];
  }
  /** @param {Box} box @param {any} answer @param {any[] | null} names */
  function facets(box, answer, names) {
    var groups = NAMES.filter(function (name) { return box.page || name === "kind"; }).map(function (name) {
      var values = answer.facets[name].map(function (/** @type {any[]} */ one) { return [name === "law" ? names && names[one[0]][0] : one[0], one[1]]; });
      var chosen = box.filters[name];
      if (chosen && !values.some(function (/** @type {any[]} */ one) { return one[0] === chosen; })) values.unshift([chosen, answer.total]);
      if (!values.length || name === "kind" && values.length < 2 && !chosen) return null;
      var buttons = values.map(function (/** @type {any[]} */ one) {
        var b = make("button", "search-facet", [name === "kind" ? t("kinds." + one[0]) : one[0], " ", make("span", "search-count", [String(one[1])])]);
        b.type = "button"; b.setAttribute("aria-pressed", String(chosen === one[0]));
        b.onclick = function () { choose(box, name, chosen === one[0] ? "" : one[0]); };
        return b;
      });
      var group = make("div", "search-group", buttons);
      group.setAttribute("role", "group"); group.setAttribute("aria-label", t("by." + name));
      if (name === "kind") return group;
      var fold = make("details", "", [make("summary", "", [t("by." + name)]), group]), old = box.facets.querySelector("details[data-facet=" + name + "]");
      fold.dataset.facet = name; fold.open = !!chosen || !!(old && old.hasAttribute("open"));
      return fold;
    });
    var focused = doc.activeElement && box.facets.contains(doc.activeElement) ? doc.activeElement.firstChild && doc.activeElement.firstChild.textContent : null;
    box.facets.replaceChildren.apply(box.facets, groups.filter(Boolean));
    if (focused) box.facets.querySelectorAll("button").forEach(function (b) { if (b.firstChild && b.firstChild.textContent === focused) b.focus(); });
  }
  /** @param {Box} box @param {string} name @param {string} value */
  function choose(box, name, value) { if (value) box.filters[name] = value; else delete box.filters[name]; box.chosen = true; typed(box); }
  /** Nothing found: topics, and the line to call. @returns {Node[]} */
  function help() {
    var out = [make("p", "", [t("other")])], topics = make("p", "search-topics", [t("topics")]);
    ready().then(function (index) {
      index.topics.slice(0, 20).forEach(function (/** @type {string} */ topic) {
        var a = make("a", "", [topic]); a.href = searchPage + "?q=" + encodeURIComponent(topic); topics.append(" ", a);
      });
      if (index.topics.length) out[0].after(topics);
    }, function () { /* no topics then */ });
    if (data.hotline) { var call = make("a", "", [data.hotline]); call.href = "tel:" + data.hotline; out.push(make("p", "", [t("hotline"), " ", call])); }
    return out;
  }

  // ---- keys ----
  /** @param {Box} box @param {KeyboardEvent} event */
  function keys(box, event) {
    if (event.isComposing || event.keyCode === 229) return;
    var links = /** @type {HTMLElement[]} */ (Array.from(box.list.querySelectorAll("a.search-link"))), at = links.indexOf(/** @type {HTMLElement} */ (doc.activeElement));
    if (event.key === "ArrowDown" && links.length && (at >= 0 || doc.activeElement === box.input)) { event.preventDefault(); links[Math.min(at + 1, links.length - 1)].focus(); }
    // Whoever goes on typing beside a result means the box; no key of the page either.
    else if (at >= 0 && /^[\p{L}\p{N}]$/u.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) { event.stopPropagation(); box.input.focus(); }
    else if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (at ? links[at - 1] : box.input).focus(); }
    else if (event.key === "Escape") {
      var dialog = /** @type {HTMLDialogElement | null} */ (box.form.closest("dialog"));
      if (dialog) { event.preventDefault(); dialog.close(); }
      else if (at >= 0) { event.preventDefault(); box.input.focus(); clear(box); }
      else clear(box);
    }
  }
  doc.addEventListener("pointerdown", function (event) {
    boxes.forEach(function (box) { if (!box.page && !box.form.closest("dialog") && event.target instanceof Node && !box.form.contains(event.target)) clear(box); });
  });

  // ---- the words marked where a result leads ----
  /** @param {Box} box @param {MouseEvent} event */
  function opened(box, event) {
    var link = event.target instanceof Element && /** @type {HTMLAnchorElement | null} */ (event.target.closest("a.search-link"));
    if (!link) return;
    setAddress();
    var words = box.words, here = link.pathname === location.pathname, aside = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0;
    if (aside) return;
    try { if (!here) sessionStorage.setItem("pufa-mark", words); } catch (e) { /* not marked then */ }
    if (here) {
      var dialog = /** @type {HTMLDialogElement | null} */ (box.form.closest("dialog"));
      if (dialog) dialog.close();
      if (!box.page) clear(box);
      mark(words);
    }
  }
  // What only makes a question of words, and pairs of which one or both are words of grammar.
  var ASKING = /请问|我想(?:问|知道)|了?(?:怎么办|怎么样|怎[么样]|如何|为什么|为啥|什么(?:时候)?)|能不能|可不可以|是不是|要不要|有没有|该不该|会不会|算不算|多少|多久|哪[里儿些个]|[吗呢吧啊呀](?= |$)/g;
  var GRAMMAR = /^[我你他她它们这那就都也还是在了的]|[我你他她它们这那就都也还是在了]$|^[不没被把给对个要能会可以有和与]{2}$/;
  /** The longest parts of a run that a text has, each part of the run used once. @param {string} run @param {string} text @returns {string[]} */
  function parts(run, text) {
    var all = Array.from(run), out = [];
    if (all.length < 3 || /^[\x00-\x7f]+$/.test(run)) return [run];
    all.length = Math.min(all.length, 80);
    for (var length = Math.min(all.length, 16); length > 1; length--) for (var at = 0; at + length <= all.length; at++) {
      var part = all.slice(at, at + length).join("");
      if (part.includes("\n") || !text.includes(part) || length === 2 && GRAMMAR.test(part)) continue;
      out.push(part); all.fill("\n", at, at + length);
    }
    return out;
  }
  /** @param {string} words */
  function mark(words) {
    var main = doc.querySelector("main");
    if (!main) return;
    main.querySelectorAll("mark.search-mark").forEach(function (m) { var parent = m.parentNode; m.replaceWith(m.textContent || ""); if (parent) parent.normalize(); });
    var runs = core.runs(words.replace(ASKING, " ")).runs.filter(function (/** @type {string} */ run) { return run.length > 1 || words.split(" ").includes(run); }), target = location.hash.length > 1 && doc.getElementById(pufa.anchor(location.hash));
    // A sentence is marked where it led.
    for (var within of target && words.length > 6 ? [target, main] : [main]) {
      var text = core.fold(within.textContent || "");
      var found = runs.map(function (/** @type {string} */ run) { return parts(run, text); }).flat();
      if (found.filter(function (/** @type {string} */ part) { return wrap(within, [part], Array.from(part).length); }).length) return;
    }
  }
  /** @param {Element} within @param {string[]} runs @param {number} least @returns {boolean} Whether anything was marked. */
  function wrap(within, runs, least) {
    var walker = doc.createTreeWalker(within, NodeFilter.SHOW_TEXT), texts = [], done = 0;
    while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
    texts.forEach(function (text) {
      var parent = text.parentElement;
      if (done > 300 || !parent || parent.closest("script, style, textarea, select, button, summary, [role=search], mark, svg")) return;
      var all = Array.from(text.data), marks = core.marks(all, runs);
      if (!marks.some(function (/** @type {number} */ m) { return m >= least; })) return;
      var out = doc.createDocumentFragment(), at = 0;
      while (at < all.length) {
        var end = at, is = marks[at] >= least;
        while (end < all.length && marks[end] >= least === is) end++;
        var piece = all.slice(at, end).join("");
        out.append(is ? make("mark", "search-mark", [piece]) : piece);
        if (is) done++;
        at = end;
      }
      text.replaceWith(out);
    });
    return done > 0;
  }

  // ---- opening ----
  /** @param {string} [query] */
  function open(query) {
    var page = pageBox(), dialog = /** @type {HTMLDialogElement | null} */ (doc.getElementById("search-dialog"));
    var box = page || dialog && boxes.get(/** @type {HTMLFormElement} */ (dialog.querySelector("form")));
    if (!box) { location.href = searchPage + (query ? "?q=" + encodeURIComponent(query) : ""); return; }
    if (!page && dialog && !dialog.open) dialog.showModal();
    box.input.focus();
    if (query) { box.input.value = query; typed(box); }
    else if (box.input.value && !box.shown) typed(box);
    else if (!box.composing) box.input.select();
  }
  core.open = open; core.ask = ask;
  doc.querySelectorAll("form[role=search]").forEach(function (form) { enhance(/** @type {HTMLFormElement} */ (form)); });
  // What a reader typed before this script came.
  boxes.forEach(function (box) { if (box.input === doc.activeElement && box.input.value) typed(box); });
  doc.querySelectorAll("[data-search-close]").forEach(function (b) { b.addEventListener("click", function () { var dialog = b.closest("dialog"); if (dialog) dialog.close(); }); });
  var dialog = doc.getElementById("search-dialog");
  if (dialog) dialog.addEventListener("click", function (event) { if (event.target === dialog) /** @type {HTMLDialogElement} */ (dialog).close(); });

  var asked = new URLSearchParams(location.search), words = asked.get("mark") || "";
  try { words = words || sessionStorage.getItem("pufa-mark") || ""; sessionStorage.removeItem("pufa-mark"); } catch (e) { /* not kept here */ }
  if (words) mark(words.slice(0, 200));
  var box = pageBox() || boxes.values().next().value;
  if (asked.get("q") && box) fromAddress(box);
})();
