// @ts-check
// A class: the transcript follows the recording, a click on a sentence jumps there, the place is remembered on this device.
(function () {
  "use strict";
  var pufa = /** @type {any} */ (window).pufa;
  var box = /** @type {HTMLElement | null} */ (document.querySelector("[data-player]"));
  var media = /** @type {HTMLMediaElement | null} */ (box && box.querySelector("video, audio"));
  /** @type {HTMLElement[]} */
  var cues = Array.prototype.slice.call(document.querySelectorAll(".cue"));
  var starts = cues.map(function (c) { return +(c.dataset.start || 0); });
  var key = "pufa:at:" + (pufa.data.permalink || location.pathname);
  /** @type {HTMLElement | null} */
  var now = null;

  /** @param {number} time @returns {number} The last cue that begins at or before it. */
  function cueAt(time) {
    var low = 0, high = starts.length - 1, found = -1;
    while (low <= high) { var mid = low + high >> 1; if (starts[mid] <= time + 0.05) { found = mid; low = mid + 1; } else high = mid - 1; }
    return found;
  }
  /** @param {number} time */
  function show(time) {
    var cue = cues[cueAt(time)] || null;
    if (cue === now) return;
    if (now) now.classList.remove("is-now");
    now = cue;
    if (!cue) return;
    cue.classList.add("is-now");
    var follow = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-player-follow]")), r = cue.getBoundingClientRect();
    if (follow && follow.checked && media && !media.paused && (r.top < 80 || r.bottom > innerHeight - 60)) scrollTo({ top: scrollY + r.top - innerHeight / 3, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    document.querySelectorAll(".chapters a").forEach(function (a) { a.removeAttribute("aria-current"); });
    var chapter = Array.prototype.filter.call(document.querySelectorAll(".chapters a"), function (a) { return +a.dataset.seek <= time + 0.05; }).pop();
    if (chapter) chapter.setAttribute("aria-current", "true");
  }
  /** @param {number} time @param {boolean} play */
  function seek(time, play) {
    show(time);
    if (!media) return;
    media.currentTime = time;
    if (play) { var p = media.play(); if (p) p.catch(function () { /* the reader presses play */ }); }
  }
  document.addEventListener("click", function (event) {
    if (!(event.target instanceof Element)) return;
    var a = /** @type {HTMLElement | null} */ (event.target.closest("[data-seek]")), cue = /** @type {HTMLElement | null} */ (event.target.closest(".cue"));
    if (a && media) { event.preventDefault(); history.replaceState(null, "", "#t=" + a.dataset.seek); seek(+(a.dataset.seek || 0), true); }
    else if (cue && media && !event.target.closest("a") && String(getSelection() || "") === "") seek(+(cue.dataset.start || 0), true);
  });
  /** @param {boolean} scroll Goes where the address says: `#t=132`. */
  function fromAddress(scroll) {
    var m = /^t=(\d+(?:\.\d+)?)$/.exec(pufa.anchor(location.hash));
    if (!m) return false;
    seek(+m[1], false);
    var cue = cues[cueAt(+m[1])];
    if (scroll && cue) cue.scrollIntoView({ block: "center" });
    return true;
  }
  addEventListener("hashchange", function () { fromAddress(true); });

  if (media) {
    var player = media;
    // From disk the browser refuses the captions' file: the page's own sentences take its place.
    if (pufa.onDisk && cues.length) {
      player.querySelectorAll("track").forEach(function (t) { t.remove(); });
      var track = player.addTextTrack("captions", "", document.documentElement.lang);
      track.mode = player.tagName === "VIDEO" ? "showing" : "hidden";
      cues.forEach(function (c) { track.addCue(new VTTCue(+(c.dataset.start || 0), +(c.dataset.end || 0), (c.textContent || "").trim())); });
    }
    else if (player.tagName === "VIDEO" && player.textTracks[0]) player.textTracks[0].mode = "showing";
    var saved = 0;
    player.addEventListener("timeupdate", function () {
      show(player.currentTime);
      if (Math.abs(player.currentTime - saved) < 4) return;
      saved = player.currentTime;
      remember(player.duration && player.currentTime > player.duration - 15 ? "done" : String(Math.floor(saved)));
    });
    player.addEventListener("ended", function () { remember("done"); });
    var speed = /** @type {HTMLSelectElement | null} */ (document.querySelector("[data-player-speed]"));
    if (speed) {
      var chosen = pufa.kept().speed;
      if (chosen) speed.value = chosen;
      var apply = function () { if (speed) player.playbackRate = player.defaultPlaybackRate = +speed.value; };
      speed.addEventListener("change", function () { if (speed) pufa.keep("speed", speed.value === "1" ? "" : speed.value); apply(); });
      apply();
    }
    if (!fromAddress(true)) {
      var last = ""; try { last = localStorage.getItem(key) || ""; } catch (e) { /* nothing kept */ }
      if (/^\d+$/.test(last)) { if (player.currentTime === 0) player.currentTime = +last; }
    }
  } else fromAddress(true);
  /** @param {string} value */
  function remember(value) { try { localStorage.setItem(key, value); } catch (e) { /* not kept */ } }
})();
