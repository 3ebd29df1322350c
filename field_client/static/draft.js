// Saves as one types. What is shown as saved stands on the disk; what is not is kept here and tried again.
"use strict";

const form = document.getElementById("draft");
const saved = document.getElementById("saved");
const saving = document.getElementById("saving");
const alarm = document.getElementById("not-saved");
const why = document.getElementById("not-saved-why");
const noAnswer = why.textContent;
const csrf = form.querySelector("[name=csrf_token]").value;

const WAIT = 250; // ms after the last key
const AT_MOST = 500; // ms after the first key that is not saved
const AGAIN = 2000; // ms to the next try when the program does not answer
const unsaved = new Map();
const redraw = new Set();
const covered = new Map(); // how a field reads once what looks like data about a person is covered
let timer = 0;
let since = 0;
let sending = null;

const NOT_SAVED = new Set(["csrf_token", "add_code", "asked", "date_confirmed"]);

function valueOf(field) {
  return field.type === "checkbox" && !field.checked ? "" : field.value;
}

function note(field) {
  if (!field.name || NOT_SAVED.has(field.name)) return;
  unsaved.set(field.name, valueOf(field));
  forgive(field);
  say("saving");
  since = since || Date.now();
  clearTimeout(timer);
  timer = setTimeout(save, Math.max(0, Math.min(WAIT, since + AT_MOST - Date.now())));
}

// A sentence about what was wrong is taken away once the field is written in.
function forgive(field) {
  const said = document.getElementById(`wrong-${field.name}`);
  if (said) said.hidden = true;
  form.querySelectorAll(`[name="${CSS.escape(field.name)}"]`).forEach((one) => one.removeAttribute("aria-invalid"));
}

// Beside the time of the last save stands what is not saved yet: nothing, on its way, or not to be saved.
function say(state) {
  saving.textContent = saving.dataset[state] || "";
  saving.className = state;
}

// Send what is not saved; one request at a time, so that an older value never comes after a newer one.
function save(options = {}) {
  clearTimeout(timer);
  timer = 0;
  if (sending && !options.keepalive) return sending.then(() => (unsaved.size ? save() : true));
  if (!unsaved.size) return Promise.resolve(true);
  since = 0;
  const sent = Object.fromEntries(unsaved);
  sending = send(sent, options).finally(() => { sending = null; });
  return sending;
}

async function send(sent, options) {
  try {
    const answer = await fetch(form.dataset.save, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify({ fields: sent }),
      keepalive: options.keepalive || false,
    });
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) return kept(sent, told);
    if (told.finished) return finished();
    if (answer.status === 423) document.dispatchEvent(new CustomEvent("locked"));
    return failed(told.detail || noAnswer);
  } catch {
    return failed(noAnswer);
  }
}

function kept(sent, told) {
  for (const [name, value] of Object.entries(sent)) {
    if (unsaved.get(name) === value) unsaved.delete(name);
    const field = form.querySelector(`[name="${CSS.escape(name)}"][data-then]`);
    if (field) field.dataset.then.split(" ").forEach((part) => redraw.add(part));
  }
  alarm.hidden = true;
  saved.textContent = `${saved.dataset.saved} ${told.saved}`;
  say(unsaved.size ? "saving" : "done");
  if (unsaved.size) timer = timer || setTimeout(save, WAIT);
  showRead(told.shown || {});
  showMarks(told.marks || {});
  showMissing(told.missing || []);
  showCovered(told.covered || {});
  if (redraw.size) fetchParts();
  return true;
}

function failed(sentence) {
  say("failed");
  why.textContent = sentence;
  alarm.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(save, AGAIN);
  return false;
}

// Closed for signature in another window: show that, there is nothing to save into.
function finished() {
  unsaved.clear();
  location.replace(form.action);
  return false;
}

// 2330 has become 23:30: shown once one has left the field.
function showRead(read) {
  for (const [name, value] of Object.entries(read)) {
    const field = form.elements.namedItem(name);
    if (field && field !== document.activeElement && !unsaved.has(name) && "value" in field) field.value = value;
    else if (field && "value" in field) field.dataset.read = value;
  }
}

function showMarks(marks) {
  form.querySelectorAll("[data-mark]").forEach((mark) => {
    const [text, kind] = marks[mark.dataset.mark] || ["", ""];
    mark.textContent = text;
    mark.hidden = !text;
    mark.classList.toggle("warn", kind === "warn");
    mark.classList.toggle("good", kind === "good");
  });
}

// Where nothing stands yet, in the form's order: what F2 goes through.
function showMissing(names) {
  const link = document.getElementById("missing");
  link.dataset.names = names.join(" ");
  link.href = `#${names[0] || "finalise"}`;
}

function showCovered(texts) {
  covered.clear();
  Object.entries(texts).forEach(([name, text]) => covered.set(name, text));
  document.dispatchEvent(new CustomEvent("pointed"));
}

// Parts that follow from other fields are drawn by the program; a part in which one is typing is left until one leaves.
async function fetchParts() {
  const names = [...redraw].filter((name) => !partOf(document.activeElement, name));
  if (!names.length) return;
  names.forEach((name) => redraw.delete(name));
  try {
    const answer = await fetch(form.action);
    if (answer.ok) swap(await answer.text(), names);
  } catch {
    names.forEach((name) => redraw.add(name));
  }
}

function partOf(field, name) {
  const part = field && field.closest && field.closest("[data-part]");
  return part && part.dataset.part === name;
}

// Where one was before a part was drawn anew, one is afterwards: the same field, the same button, else the part itself.
function swap(html, names) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const at = document.activeElement;
  const part = at && at.closest && at.closest("[data-part]");
  refreshMarks(fresh);
  document.querySelectorAll("[data-part]").forEach((old) => {
    const other = fresh.querySelector(`[data-part="${old.dataset.part}"]`);
    if (other && (!names || names.includes(old.dataset.part))) old.replaceWith(document.adoptNode(other));
  });
  document.dispatchEvent(new CustomEvent("drawn"));
  if (at && !at.isConnected) comeBack(at, part && part.dataset.part);
}

function comeBack(was, part) {
  const named = was.name ? [...document.getElementsByName(was.name)] : [];
  const same = named.find((one) => one.value === was.value && one.type !== "hidden") || named.find((one) => one.type !== "hidden");
  const where = (was.id && document.getElementById(was.id)) || same || document.querySelector(`[data-part="${part}"]`);
  if (!where) return;
  where.focus();
  if ("selectionStart" in was && was.selectionStart !== null && where.setSelectionRange) where.setSelectionRange(was.selectionStart, was.selectionEnd);
}

// A small button (one more line, the rest of the checklist) changes only the parts it is about.
async function act(button) {
  if (!(await save())) return;
  const sent = new URLSearchParams(new FormData(form));
  sent.set("do", button.value);
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent });
    if (!answer.ok) return failed(noAnswer);
    const html = await answer.text();
    swap(html);
    goTo(new URL(answer.url).searchParams.get("tiep"));
  } catch {
    failed(noAnswer);
  }
}

function refreshMarks(fresh) {
  const time = fresh.getElementById("saved");
  if (time) saved.textContent = time.textContent;
  const told = {};
  fresh.querySelectorAll("[data-mark]").forEach((mark) => {
    told[mark.dataset.mark] = [mark.hidden ? "" : mark.textContent, ["warn", "good"].find((kind) => mark.classList.contains(kind)) || ""];
  });
  showMarks(told);
  const missing = fresh.getElementById("missing");
  if (missing) showMissing(missing.dataset.names.split(" ").filter(Boolean));
}

function goTo(name) {
  const field = name && document.getElementById(name);
  if (field) field.focus();
}

// While a letter is put together (Telex, VNI, a list of candidates) keys belong to that letter and to nothing else.
function composing(event) {
  return event.isComposing || event.keyCode === 229;
}

const WHOLE_PAGE = new Set(["save", "finalise", "to-attempt", "to-visit"]);

form.addEventListener("input", (event) => note(event.target));
form.addEventListener("change", (event) => { note(event.target); save(); });
form.addEventListener("focusout", (event) => {
  if (event.target.dataset.read) {
    if (!unsaved.has(event.target.name)) event.target.value = event.target.dataset.read;
    delete event.target.dataset.read;
  }
  if (unsaved.size) save();
  setTimeout(() => { if (redraw.size && !unsaved.size) fetchParts(); }, 0);
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=do]");
  if (!button || WHOLE_PAGE.has(button.value)) return;
  event.preventDefault();
  act(button);
});
form.addEventListener("submit", (event) => {
  if (event.submitter && event.submitter.value === "finalise") {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  }
  unsaved.clear(); // the form itself carries everything
});
form.addEventListener("keydown", (event) => {
  // Enter in a line of text saves; it never presses a button that one does not see.
  if (composing(event) || event.key !== "Enter" || event.target.tagName !== "INPUT") return;
  event.preventDefault();
  save();
});
document.getElementById("retry").addEventListener("click", () => save());
document.addEventListener("visibilitychange", () => { if (document.hidden) save({ keepalive: true }); });
window.addEventListener("pagehide", () => save({ keepalive: true }));
window.addEventListener("beforeunload", (event) => { if (unsaved.size && !alarm.hidden) event.preventDefault(); });
document.addEventListener("unlocked", () => save());
goTo(form.dataset.focus);
