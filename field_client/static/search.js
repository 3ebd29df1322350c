// The list follows the keys: 120 ms after the last one it is asked for again; arrows walk through it.
"use strict";

const form = document.getElementById("search");
const field = document.getElementById("tim");
const list = document.getElementById("list");
const WAIT = 120;
let timer = 0;
let asked = 0;

function address() {
  const parts = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) parts.set(name, value);
  return parts.toString();
}

async function look() {
  clearTimeout(timer);
  timer = 0;
  const query = address();
  const mine = ++asked;
  try {
    const answer = await fetch(`${form.dataset.list}?${query}`, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || mine !== asked) return;
    draw(await answer.text());
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
  } catch {
    // The program does not answer: the list that is there stays.
  }
}

// Who has walked into the list already stays on the same place, or goes back to the field where it is gone.
function draw(html) {
  const at = document.activeElement;
  const within = list.contains(at);
  list.innerHTML = html;
  if (within) (hits().find((hit) => hit.href === at.href) || field).focus();
}

function hits() {
  return [...list.querySelectorAll("a.hit")];
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, WAIT);
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (timer || event.submitter) await look();
  const [first] = hits();
  if (first && document.activeElement === field && field.value) first.click();
});

// A slash outside a field leads to the search; it is no letter, so Telex cannot make another key of it.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.target.closest("input, select, textarea") && event.target.type !== "checkbox") return;
  event.preventDefault();
  field.focus();
  field.select();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const found = hits();
  const at = found.indexOf(document.activeElement);
  if (document.activeElement !== field && at < 0) return;
  event.preventDefault();
  const next = at + (event.key === "ArrowDown" ? 1 : -1);
  if (next < 0) field.focus();
  else if (found[next]) found[next].focus();
});

// The caret stands behind what is there, so that one can type on.
field.setSelectionRange(field.value.length, field.value.length);
