// Keys of the review: 1 2 3 answer, arrows go through the queue; never while typing, and no letters: Telex eats them.
"use strict";

const form = document.getElementById("answer");
const text = document.getElementById("comment");
let chosen = null; // the answer that waits for its reason

function typing(target) {
  return Boolean(target.closest("input, textarea, select, [contenteditable]"));
}

function send(button) {
  if (form.dataset.sent) return;
  form.requestSubmit(button);
}

function choose(button) {
  if (button.hasAttribute("data-reason") && !text.value.trim()) {
    mark(button);
    text.focus();
    text.scrollIntoView({ block: "center" });
  } else send(button);
}

function mark(button) {
  chosen = button;
  form.querySelectorAll("[data-key]").forEach((one) => one.classList.toggle("chosen", one === button));
}

function follow(id) {
  const link = document.getElementById(id);
  if (link) link.click();
  return Boolean(link);
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.altKey || event.metaKey) return;
  if (event.target === text && event.key === "Enter" && event.ctrlKey && chosen) {
    event.preventDefault();
    return send(chosen);
  }
  if (event.ctrlKey || event.shiftKey) return;
  if (event.key === "Escape" && typing(event.target)) {
    event.target.blur();
    return;
  }
  if (typing(event.target)) return;
  const button = form && form.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (button && !event.repeat) {
    event.preventDefault();
    choose(button);
  } else if (!event.target.closest(".scroll") && !event.repeat) {
    const link = { ArrowLeft: "before", ArrowRight: "after" }[event.key];
    if (link && follow(link)) event.preventDefault();
  }
});

if (form) form.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => { if (form) delete form.dataset.sent; });
