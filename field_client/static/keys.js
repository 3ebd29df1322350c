// Keys for the whole form: F2 goes to what is missing, F8 covers data about a person, Ctrl+Z takes "the rest" back.
"use strict";

const before = new Map(); // what stood in a field before it was covered, while this page is open

function nextGap() {
  const gaps = document.getElementById("missing").dataset.names.split(" ").map((name) => document.getElementById(name)).filter(Boolean);
  const here = document.activeElement;
  const after = gaps.find((gap) => here.compareDocumentPosition(gap) & Node.DOCUMENT_POSITION_FOLLOWING && !sameRow(here, gap));
  const next = after || gaps[0] || document.getElementById("finalise");
  next.focus();
  next.scrollIntoView({ block: "center" });
}

function sameRow(one, other) {
  return one.name && one.name === other.name;
}

function coverButton(name) {
  return form.querySelector(`[data-cover="${CSS.escape(name)}"]`);
}

function showCoverButtons() {
  form.querySelectorAll("[data-cover]").forEach((button) => {
    const back = before.has(button.dataset.cover) && !covered.has(button.dataset.cover);
    button.hidden = !covered.has(button.dataset.cover) && !back;
    button.firstChild.textContent = back ? `${form.dataset.sayUncover} ` : `${form.dataset.sayCover} `;
  });
}

// Written as if it were typed, so that the browser's own Ctrl+Z takes it back too.
function write(field, text) {
  field.focus();
  field.select();
  if (document.execCommand("insertText", false, text)) return;
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

async function coverField(name) {
  const field = form.elements.namedItem(name);
  if (!field || !("select" in field)) return;
  if (before.has(name) && !covered.has(name)) {
    const text = before.get(name);
    before.delete(name);
    return write(field, text);
  }
  unsaved.set(name, field.value);
  await save();
  if (!covered.has(name)) return;
  before.set(name, field.value);
  write(field, covered.get(name));
}

function coverHere() {
  const name = document.activeElement.name;
  const button = name && coverButton(name);
  if (button && !button.hidden) return coverField(name);
  const other = form.querySelector("[data-cover]:not([hidden])");
  if (other) document.getElementById(other.dataset.cover).focus();
}

function isText(field) {
  return field.tagName === "TEXTAREA" || (field.tagName === "INPUT" && !["radio", "checkbox", "hidden"].includes(field.type));
}

document.addEventListener("keydown", (event) => {
  if (composing(event) || event.altKey || event.metaKey || event.shiftKey) return;
  const back = document.getElementById("rest-back");
  if (event.key === "F2" && !event.ctrlKey) nextGap();
  else if (event.key === "F8" && !event.ctrlKey) coverHere();
  else if (event.key === "z" && event.ctrlKey && back && !isText(event.target)) act(back);
  else return;
  event.preventDefault();
});

document.getElementById("missing").addEventListener("click", (event) => { event.preventDefault(); nextGap(); });
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-cover]");
  if (!button) return;
  event.preventDefault();
  event.stopPropagation();
  coverField(button.dataset.cover);
}, true);
document.addEventListener("pointed", showCoverButtons);
