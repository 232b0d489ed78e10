// What every page owes its reader: answers a list of faults, empty on a page that is well made.
() => {
  const faults = [], say = (what, el) => faults.push(what + (el ? ": " + el.outerHTML.slice(0, 120) : ""));
  const name = (el) => (el.getAttribute("aria-label") || el.textContent || el.title || "").trim();
  if (!["vi", "en"].includes(document.documentElement.lang)) say("no language");
  if (!document.title.trim()) say("no title");
  if (!document.querySelector("main")) say("no main");
  const heads = [...document.querySelectorAll("main h1, main h2, main h3")].map((h) => +h.tagName[1]);
  if (document.querySelectorAll("h1").length > 1) say("two first headings");
  heads.forEach((level, n) => { if (n && level > heads[n - 1] + 1) say("a heading level is skipped: h" + level); });
  document.querySelectorAll("input:not([type=hidden]), select, textarea").forEach((el) => {
    if (!el.labels?.length && !el.getAttribute("aria-label")) say("a field without a label", el);
  });
  document.querySelectorAll("button, a[href], summary").forEach((el) => {
    if (!name(el) && !el.querySelector("title")) say("a control without words", el);
  });
  document.querySelectorAll("table").forEach((el) => {
    if (!el.caption?.textContent.trim()) say("a table without a caption", el);
    if (!el.querySelector("th")) say("a table without heads", el);
  });
  document.querySelectorAll("svg:not([aria-hidden])").forEach((el) => {
    if (el.parentElement.closest("[role=img][aria-label]")) return;
    if (!el.querySelector("title")) say("a picture without a title", el);
  });
  document.querySelectorAll("img:not([alt])").forEach((el) => say("an image without words", el));
  const ids = [...document.querySelectorAll("[id]")].map((el) => el.id);
  ids.filter((id, n) => ids.indexOf(id) !== n).forEach((id) => say("an id twice: " + id));
  document.querySelectorAll("[aria-describedby], [aria-labelledby]").forEach((el) => {
    const named = (el.getAttribute("aria-describedby") || "") + " " + (el.getAttribute("aria-labelledby") || "");
    named.split(/\s+/).filter(Boolean).forEach((id) => { if (!document.getElementById(id)) say("points at nothing: #" + id, el); });
  });
  // following a dossier changes nothing: its form needs no token
  document.querySelectorAll("form[method=post]:not([action='/track'])").forEach((el) => {
    if (!el.querySelector("[name=csrf]") && new URL(el.action).origin === location.origin) say("a form without its token", el);
  });
  document.querySelectorAll("[tabindex]").forEach((el) => { if (+el.getAttribute("tabindex") > 0) say("tab order is bent", el); });
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) say("the page is " + wide + " px too wide");
  return faults;
}
