"use strict";
(() => {
  const moments = JSON.parse(document.getElementById("moments").textContent);
  if (!moments || moments.length === 0) return;
  const by = (id) => document.getElementById(id);
  const last = moments.length - 1;
  const slider = by("position");
  let at = last;

  const place = new Map();
  moments.forEach((m, i) => place.set("e" + m.id, i));

  function bar(id, share) {
    by(id).setAttribute("width", String(Math.max(0, Math.min(100, 100 * share))));
  }

  function show(i) {
    by("e" + moments[at].id)?.classList.remove("now");
    at = Math.max(0, Math.min(last, i));
    const m = moments[at];
    by("e" + m.id)?.classList.add("now");
    by("now-when").textContent = m.when;
    by("now-link").href = "#e" + m.id;
    by("now-actor").textContent = m.actor;
    by("now-what").textContent = m.what;
    const cause = by("now-cause");
    cause.textContent = m.why;
    if (m.cause) cause.href = "#e" + m.cause; else cause.removeAttribute("href");
    by("now-count").textContent = `· event ${at + 1} of ${moments.length}`;
    m.axes.forEach((a, k) => {
      const state = by("state-" + k);
      bar("front-" + k, a.km / Number(state.dataset.scale));
      state.textContent = `${a.km} km, ${a.posture}, supply ${a.supply}%` + (a.held ? ", objective held" : "");
      by("hub-" + k)?.classList.toggle("contact", a.contact);
    });
    m.gauges.forEach((x, k) => {
      const value = by("value-" + k);
      bar("fill-" + k, x / Number(value.dataset.full));
      value.textContent = x.toLocaleString("en-GB");
    });
    by("force").textContent = m.force;
    by("lane").textContent = m.lane;
    document.querySelectorAll("#ladder li").forEach((li, k) => {
      li.classList.toggle("here", k === m.rung);
      if (k === m.rung) li.setAttribute("aria-current", "true"); else li.removeAttribute("aria-current");
    });
    document.querySelectorAll("#answer li").forEach((li, k) => {
      li.classList.toggle("passed", k + 1 < m.gate);
      li.classList.toggle("here", k + 1 === m.gate);
      if (k + 1 === m.gate) li.setAttribute("aria-current", "step"); else li.removeAttribute("aria-current");
    });
    slider.value = String(at);
    slider.setAttribute("aria-valuetext", `${m.when}, ${m.actor}: ${m.what}`);
    by("first").disabled = by("previous").disabled = at === 0;
    by("next").disabled = by("last").disabled = at === last;
  }

  function step(i) {
    show(i);
    history.replaceState(null, "", "#t=" + moments[at].t);
  }

  // Where the address says #t=DAYS, the last event up to that day; where it names an event, that.
  function open() {
    const hash = location.hash.slice(1);
    if (hash.startsWith("t=") && hash.length > 2 && Number.isFinite(Number(hash.slice(2)))) {
      const day = Number(hash.slice(2)) + 1e-9;
      let i = 0;
      while (i < last && moments[i + 1].t <= day) i++;
      show(i);
      by("replay").scrollIntoView();
    } else if (place.has(hash)) {
      show(place.get(hash));
    }
  }

  document.documentElement.classList.add("live");
  slider.max = String(last);
  slider.addEventListener("input", () => step(Number(slider.value)));
  by("first").addEventListener("click", () => step(0));
  by("previous").addEventListener("click", () => step(at - 1));
  by("next").addEventListener("click", () => step(at + 1));
  by("last").addEventListener("click", () => step(last));
  document.querySelectorAll(".events a.when").forEach((a) => a.addEventListener("click", (e) => {
    e.preventDefault(); // several events may share an instant: this one is meant
    step(place.get(a.closest("li").id));
    by("replay").scrollIntoView();
  }));
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.shiftKey || e.target === slider || e.target.closest?.(".scroll")) return;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    step(to);
  });
  window.addEventListener("hashchange", open);
  show(last);
  open();
})();
