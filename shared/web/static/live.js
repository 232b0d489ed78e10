/* A part of the page marked data-live keeps itself up to date; without scripts the reload link does. */
(() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const silentAfter = 15000;

  function tint(part, before) {
    if (calm) return;
    part.querySelectorAll("[data-value]").forEach((cell) => {
      const old = before.get(cell.dataset.value);
      if (old !== undefined && old !== cell.textContent) {
        cell.classList.add("changed");
        setTimeout(() => cell.classList.remove("changed"), 600);
      }
    });
  }

  function follow(part) {
    const source = new EventSource(part.dataset.live);
    let heard = Date.now();
    source.onmessage = (event) => {
      const before = new Map([...part.querySelectorAll("[data-value]")].map((c) => [c.dataset.value, c.textContent]));
      const open = new Set([...part.querySelectorAll("details[id][open]")].map((d) => d.id));
      htmx.swap(part, event.data, { swapStyle: "innerHTML" });
      part.querySelectorAll("details[id]").forEach((d) => { d.open = d.open || open.has(d.id); });
      tint(part, before);
      heard = Date.now();
    };
    source.onopen = () => { heard = Date.now(); };
    setInterval(() => {
      const lost = source.readyState !== EventSource.OPEN && Date.now() - heard > silentAfter;
      part.classList.toggle("stale", lost);
      part.querySelectorAll("[data-stale]").forEach((note) => { note.hidden = !lost; });
    }, 1000);
    addEventListener("pagehide", () => source.close());
  }

  document.querySelectorAll("[data-live]").forEach(follow);
})();
