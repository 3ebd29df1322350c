// How much of a newer program is here, and the wait until it runs. Without this file one reloads the page.
"use strict";

const bar = document.querySelector("[data-progress]");
if (bar && bar.dataset.going) {
  const timer = setInterval(async () => {
    const now = await (await fetch(bar.dataset.progress)).json();
    bar.querySelector("progress").value = now.here;
    bar.querySelector("[data-part]").textContent = `${(now.here / 1e6).toLocaleString("vi", { maximumFractionDigits: 1 })} MB`;
    if (now.whole || !now.going) { clearInterval(timer); location.reload(); }
  }, 1000);
}

const again = document.querySelector("[data-again]");
if (again) {
  let ended = false;
  setInterval(async () => {
    try {
      const answer = await fetch(again.dataset.again, { cache: "no-store" });
      if (answer.ok && ended) location.assign(again.dataset.then);
    } catch {
      ended = true;
    }
  }, 700);
}
