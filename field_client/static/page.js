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
