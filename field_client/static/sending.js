// The sending page while one waits: how far it is, what came of it, and the lists as they stand then. Nothing jumps.
"use strict";

(() => {
  const card = document.getElementById("going");
  const said = document.getElementById("said");
  const part = document.getElementById("going-part");
  let last = Number(card.dataset.last);
  let shown = "";

  function show(told) {
    card.hidden = !told.running;
    document.getElementById("paused").hidden = !told.paused;
    document.getElementById("going-sentence").textContent = told.sentence;
    document.getElementById("going-detail").textContent = told.detail;
    if (told.part === null) part.removeAttribute("value");
    else part.value = told.part * 100;
  }

  // The lists are drawn anew by the program; one in which somebody stands is left until the next time.
  async function refresh() {
    const answer = await fetch(location.href);
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelectorAll("[data-fresh]").forEach((old) => {
      const other = fresh.querySelector(`[data-fresh="${old.dataset.fresh}"]`);
      if (other && !old.contains(document.activeElement)) old.replaceWith(document.adoptNode(other));
    });
  }

  document.addEventListener("sending", (event) => {
    const told = event.detail;
    show(told);
    const now = `${told.last} ${told.waiting}`;
    if (told.last > last) {
      said.textContent = told.said;
      said.hidden = !told.said || told.paused;
    }
    if (shown && now !== shown) refresh();
    shown = now;
    last = told.last;
  });
})();
