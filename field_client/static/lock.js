// The lock on a page: when nobody was there for a while it covers the page, and what was typed stays underneath.
"use strict";

const cover = document.getElementById("locked");
const unlocking = document.getElementById("unlock");
const TELL = 60000; // ms between two signs of life
const LOOK = 3000; // ms between two looks while the page is covered: it may be unlocked in another window
let told = Date.now();
let next = 0;

function later(milliseconds) {
  clearTimeout(next);
  next = setTimeout(look, milliseconds);
}

async function look() {
  try {
    const answer = await fetch(cover.dataset.look, { headers: { Accept: "application/json" } });
    if (answer.ok) return show(await answer.json());
  } catch {
    // The program does not answer: what is shown stays, and it is asked again.
  }
  return later(LOOK);
}

function show(told) {
  if (!told.open && told.locks) {
    if (!cover.open) cover.showModal();
    return later(LOOK);
  }
  if (cover.open) uncover();
  return later(told.locks ? (told.left + 1) * 1000 : TELL);
}

function uncover() {
  cover.close();
  unlocking.reset();
  wrong("");
  document.dispatchEvent(new CustomEvent("unlocked"));
}

function wrong(sentence) {
  const place = document.getElementById("wrong-unlock");
  place.textContent = sentence;
  place.hidden = !sentence;
}

async function somebody() {
  if (cover.open || Date.now() - told < TELL) return;
  told = Date.now();
  try {
    const headers = { "X-CSRFToken": unlocking.elements.csrf_token.value, Accept: "application/json" };
    await fetch(cover.dataset.somebody, { method: "POST", headers });
  } catch {
    // The next sign of life comes soon.
  }
  look();
}

unlocking.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter || unlocking.querySelector("button");
  if (button.disabled) return;
  button.disabled = true;
  wrong("");
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(unlocking.action, { method: "POST", body: new FormData(unlocking), headers });
    const said = await answer.json();
    if (answer.ok) return look();
    wrong((said.errors && said.errors.passphrase) || said.detail);
  } catch {
    wrong(cover.dataset.noAnswer);
  } finally {
    button.disabled = false;
  }
  unlocking.elements.passphrase.select();
});

cover.addEventListener("cancel", (event) => event.preventDefault()); // Escape does not open a lock
["keydown", "pointerdown", "wheel"].forEach((kind) => document.addEventListener(kind, somebody, { passive: true }));
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
document.addEventListener("locked", look);
look();
