// Enhancement only: every page works without this file.
document.querySelectorAll("button[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

// Work that goes on shows how far it is; without this the link on the page does the same.
document.querySelectorAll("[data-reload]").forEach((part) => {
  setTimeout(() => window.location.reload(), Number(part.dataset.reload) * 1000);
});

// A page that comes back with something to put right puts whoever types at the first field that is wrong.
const wrong = document.querySelector("[aria-invalid='true']");
if (wrong) (wrong.matches("fieldset") ? wrong.querySelector("input") : wrong).focus();

// What was typed and not saved is not lost by a link or by another form of the page: the browser asks first.
document.querySelectorAll("form[data-keep]").forEach((form) => {
  form.addEventListener("input", () => { form.dataset.typed = ""; });
  form.addEventListener("submit", () => { delete form.dataset.typed; });
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-typed]")) event.preventDefault();
});
