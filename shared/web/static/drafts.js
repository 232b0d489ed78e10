/* Keeps what is typed into forms while it is typed; without scripts the switches and the send button do. */
(() => {
  const delay = 800;
  const secrets = new Set(document.currentScript.dataset.secrets.split(" "));
  const forms = [...document.querySelectorAll("form[data-draft]")];
  const changed = new Set();
  let timer = 0;
  let leaving = false;

  function fields(form) {
    const kept = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && !secrets.has(name)) kept.append(name, value);
    }
    return kept;
  }

  async function keep(form) {
    changed.delete(form);
    const headers = { accept: "application/json" };
    try {
      await fetch("/drafts", { method: "POST", body: fields(form), headers, keepalive: true, redirect: "error" });
    } catch { /* what is typed is still on the page */ }
  }

  async function keepAll() {
    clearTimeout(timer);
    if (!leaving) await Promise.all([...changed].map(keep));
  }

  for (const form of forms) {
    form.addEventListener("input", () => {
      changed.add(form);
      clearTimeout(timer);
      timer = setTimeout(keepAll, delay);
    });
    form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  }
  addEventListener("pageshow", () => { leaving = false; });
  document.addEventListener("visibilitychange", () => { if (document.hidden) keepAll(); });
  document.querySelectorAll("a[data-switch]").forEach((link) => {
    link.addEventListener("click", async (event) => {
      if (!changed.size) return;
      event.preventDefault();
      await keepAll();
      location.assign(link.href);
    });
  });
})();
