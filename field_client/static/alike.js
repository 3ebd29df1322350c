// Places that may be the one being typed: asked for 300 ms after the last key. The page asks again when it is sent.
"use strict";

const form = document.querySelector("form[data-alike]");
const region = document.getElementById("alike");
const ASKED_FOR = new Set(["name", "unit", "address", "phone", "kinds"]);
const WAIT = 300;
let timer = 0;
let asked = 0;
let shown = "";

async function look() {
  const parts = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (ASKED_FOR.has(name) && value) parts.append(name, value);
  const mine = ++asked;
  try {
    const answer = await fetch(`${form.dataset.alike}?${parts}`, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || mine !== asked) return;
    const text = (await answer.text()).trim();
    if (text !== shown) region.innerHTML = shown = text;
  } catch {
    // The program does not answer: the form asks again when it is sent.
  }
}

form.addEventListener("input", (event) => {
  if (!ASKED_FOR.has(event.target.name)) return;
  clearTimeout(timer);
  timer = setTimeout(look, WAIT);
});
