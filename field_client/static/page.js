// On every page: a button that says what it is doing, and a form that is sent once. Every page works without this file.
"use strict";

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (button && button.dataset.busy) {
    // After the browser has read the form: a disabled button would not be sent.
    setTimeout(() => { button.disabled = true; button.textContent = button.dataset.busy; }, 0);
  }
  if (form.hasAttribute("data-once")) {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  }
});

// A page that the browser kept while one went on is old: show how things stand now.
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// `autofocus` does nothing where the address has a fragment.
const first = document.querySelector("[autofocus]");
if (first && location.hash) first.focus();

// What waits stands on every page, and changes while the page is open. While something is sent it is asked for often.
const badge = document.getElementById("badge");
const OFTEN = 1000;
const SELDOM = 5000;

function showSending(told) {
  badge.textContent = told.badge;
  badge.hidden = !told.badge;
  document.getElementById("offline").hidden = !told.offline;
  document.dispatchEvent(new CustomEvent("sending", { detail: told }));
  return told.running ? OFTEN : SELDOM;
}

async function watchSending() {
  let wait = SELDOM;
  if (!document.hidden) {
    try {
      const answer = await fetch(badge.dataset.watch, { headers: { Accept: "application/json" } });
      if (answer.ok) wait = showSending(await answer.json()); // else the pages are locked
    } catch {
      wait = SELDOM; // the program does not run: whoever types is told so where one types
    }
  }
  setTimeout(watchSending, wait);
}
if (badge) setTimeout(watchSending, OFTEN);
