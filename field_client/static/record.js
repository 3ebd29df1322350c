// The checklist by keys, and the search among the acts. Without this file both work with Tab, arrows and the list.
"use strict";

const NOTES = "notes.";

function items() {
  return [...document.querySelectorAll(".item")];
}

function enter(item) {
  const answers = item.querySelectorAll("input[type=radio]");
  ([...answers].find((one) => one.checked) || answers[0]).focus();
}

// Past the last item comes the next part of the form, before the first the button for the rest.
function step(item, by) {
  const all = items();
  const at = all.indexOf(item) + by;
  if (at < 0) document.getElementById("rest-pass").focus();
  else if (at >= all.length) document.getElementById("workers.total").focus();
  else enter(all[at]);
}

document.addEventListener("keydown", (event) => {
  const item = event.target.closest && event.target.closest(".item");
  if (!item || composing(event) || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.dataset.cover) return;
  if (event.target.name.startsWith(NOTES)) inNote(event, item);
  else inItem(event, item);
}, true);

function inItem(event, item) {
  const answers = item.querySelectorAll("input[type=radio]");
  if (/^[1-4]$/.test(event.key)) {
    const answer = answers[Number(event.key) - 1];
    if (!answer.checked) {
      answer.checked = true;
      answer.dispatchEvent(new Event("change", { bubbles: true }));
    }
    step(item, 1);
  } else if (event.key === "0") act(document.getElementById("rest-pass")).then(nextGap);
  else if (event.key === "ArrowDown") step(item, 1);
  else if (event.key === "ArrowUp") step(item, -1);
  else if (event.key === "Enter") openNote(item);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function openNote(item) {
  item.classList.add("open-note");
  item.querySelector(".note input").focus();
}

function inNote(event, item) {
  if (event.key === "Enter") step(item, 1);
  else if (event.key === "Escape") enter(item);
  else return;
  event.preventDefault();
}

// Folds as schemas/text.py does: no marks, đ as d.
function fold(text) {
  return text.replace(/[đĐðÐ]/g, "d").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

// The list of acts becomes a search: type a code or words, ↓ ↑ and Enter to add.
function searchActs() {
  const box = document.getElementById("acts");
  const select = document.getElementById("add_code");
  if (!box || box.dataset.search) return;
  box.dataset.search = "1";
  const acts = [...select.options].slice(1).map((option) => ({
    code: option.value, name: option.text, cite: option.dataset.cite,
    folded: fold(`${option.value} ${option.text} ${option.dataset.cite}`),
  }));
  const field = document.createElement("input");
  const list = document.createElement("ul");
  Object.assign(field, { id: "act-search", type: "text", autocomplete: "off", placeholder: select.dataset.search });
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-controls", "act-list");
  field.setAttribute("aria-expanded", "false");
  list.id = "act-list";
  list.setAttribute("role", "listbox");
  list.hidden = true;
  box.querySelector("label").htmlFor = field.id;
  select.hidden = true;
  select.after(field, list);
  const other = { code: "", name: select.options[0].text, cite: "" };
  let found = [];
  let at = 0;

  function show() {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    found = acts.filter((act) => words.every((word) => act.folded.includes(word)));
    const none = found.length === 0;
    found = [...found, other];
    at = 0;
    list.replaceChildren(...found.map((act, place) => line(act, place)));
    if (none && words.length) list.prepend(Object.assign(document.createElement("li"), { textContent: select.dataset.none, className: "quiet" }));
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    mark();
  }

  function line(act, place) {
    const row = document.createElement("li");
    row.id = `act-${place}`;
    row.setAttribute("role", "option");
    row.append(act.name);
    if (act.code) row.append(Object.assign(document.createElement("span"), { textContent: ` ${act.code} · ${act.cite}`, className: "quiet small" }));
    row.addEventListener("mousedown", (event) => { event.preventDefault(); pick(place); });
    return row;
  }

  function mark() {
    list.querySelectorAll("[role=option]").forEach((row, place) => {
      row.setAttribute("aria-selected", String(place === at));
      if (place === at) row.scrollIntoView({ block: "nearest" });
    });
    field.setAttribute("aria-activedescendant", `act-${at}`);
  }

  function hide() {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
  }

  function pick(place) {
    select.value = found[place].code;
    hide();
    act({ value: `add-violation:${found[place].code}` });
  }

  field.addEventListener("input", (event) => { event.stopPropagation(); show(); });
  field.addEventListener("focus", show);
  field.addEventListener("blur", hide);
  field.addEventListener("keydown", (event) => {
    if (composing(event)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) show();
      else at = (at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
      mark();
    } else if (event.key === "Enter" && !list.hidden) pick(at);
    else if (event.key === "Escape") hide();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

document.addEventListener("drawn", searchActs);
searchActs();
