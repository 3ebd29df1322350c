// An operator is found as one types: ↓ ↑ and Enter choose one that is on this laptop. Without this file the form asks.
"use strict";

const PICK_WAIT = 150;

function picker(box) {
  const field = box.querySelector("input[name=operator]");
  const list = box.querySelector(".picks");
  const words = box.querySelector(".picked");
  const ofNew = box.querySelector(".of-new");
  let timer = 0;
  let asked = 0;
  let at = -1;
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  list.id = `${field.id}-picks`;
  field.setAttribute("aria-controls", list.id);

  function hide() {
    list.hidden = true;
    at = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function chosen() {
    return box.querySelector("input[type=hidden][name=operator_id]");
  }

  function forget() {
    const id = chosen();
    if (id) id.value = "";
    words.textContent = "";
    ofNew.hidden = false;
  }

  async function look() {
    const mine = ++asked;
    const text = field.value.trim();
    if (text.length < 2) return hide();
    try {
      const answer = await fetch(`${box.dataset.pick}?${new URLSearchParams({ tim: text })}`, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || mine !== asked || document.activeElement !== field) return;
      list.innerHTML = await answer.text();
      list.querySelectorAll("[role=option]").forEach((row, place) => { row.id = `${list.id}-${place}`; });
      at = -1;
      list.hidden = !list.children.length;
      field.setAttribute("aria-expanded", String(!list.hidden));
    } catch {
      hide();
    }
  }

  function mark() {
    [...list.children].forEach((row, place) => row.setAttribute("aria-selected", String(place === at)));
    if (at < 0) return;
    list.children[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", list.children[at].id);
  }

  function pick(row) {
    let id = chosen();
    if (!id) {
      box.querySelectorAll("input[name=operator_id]").forEach((one) => { one.checked = false; });
      id = Object.assign(document.createElement("input"), { type: "hidden", name: "operator_id" });
      box.append(id);
    }
    id.value = row.dataset.id;
    field.value = row.dataset.name;
    words.textContent = words.dataset.words;
    ofNew.hidden = true;
    asked++;
    hide();
  }

  field.addEventListener("input", () => {
    forget();
    clearTimeout(timer);
    timer = setTimeout(look, PICK_WAIT);
  });
  field.addEventListener("blur", () => setTimeout(hide, 150));
  list.addEventListener("mousedown", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) { event.preventDefault(); pick(row); }
  });
  field.addEventListener("keydown", (event) => {
    const rows = list.hidden ? [] : [...list.children];
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && rows.length) {
      at = (at + (event.key === "ArrowDown" ? 1 : rows.length + (at < 0 ? 0 : -1))) % rows.length;
      mark();
    } else if (event.key === "Enter" && at >= 0) pick(rows[at]);
    else if (event.key === "Escape" && rows.length) hide();
    else return;
    event.preventDefault();
  });
}

document.querySelectorAll("[data-pick]").forEach(picker);
