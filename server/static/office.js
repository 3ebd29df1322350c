// Enhancement only: every page works without this file.
document.querySelectorAll("button[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

// Work that goes on shows how far it is; without this the link on the page does the same.
document.querySelectorAll("[data-reload]").forEach((part) => {
  setTimeout(() => window.location.reload(), Number(part.dataset.reload) * 1000);
});
