// Places that may be the one being typed: asked for 300 ms after the last key. The page asks again when it is sent.
"use strict";

const newPlace = document.querySelector("form[data-alike]");
const region = document.getElementById("alike");
const ASKED_FOR = new Set(["name", "unit", "address", "phone", "kinds", "point"]);
const ALIKE_WAIT = 300;
let alikeTimer = 0;
let alikeAsked = 0;
let alikeShown = "";

async function lookForTwins() {
  const parts = new URLSearchParams();
  for (const [name, value] of new FormData(newPlace)) if (ASKED_FOR.has(name) && value) parts.append(name, value);
  const mine = ++alikeAsked;
  try {
    const answer = await fetch(`${newPlace.dataset.alike}?${parts}`, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || mine !== alikeAsked) return;
    const text = (await answer.text()).trim();
    if (text !== alikeShown) region.innerHTML = alikeShown = text;
  } catch {
    // The program does not answer: the form asks again when it is sent.
  }
}

newPlace.addEventListener("input", (event) => {
  if (!ASKED_FOR.has(event.target.name)) return;
  clearTimeout(alikeTimer);
  alikeTimer = setTimeout(lookForTwins, ALIKE_WAIT);
});
