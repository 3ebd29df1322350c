// Attaching photos and scans without leaving the page: chosen, dropped or pasted, looked at one by one, then kept.
"use strict";

(() => {
  const section = document.getElementById("files");
  const list = document.getElementById("file-list");
  const errors = document.getElementById("file-errors");
  const said = document.getElementById("file-said");
  const chooser = document.getElementById("file-chooser");
  const token = section.dataset.token;
  let waiting = [];
  let busy = false;

  async function ask(address, body) {
    body.set("csrf_token", token);
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token } });
      const told = await answer.json().catch(() => ({}));
      return answer.ok ? { told } : { wrong: told.detail || section.dataset.noAnswer };
    } catch {
      return { wrong: section.dataset.noAnswer };
    }
  }

  function complain(name, sentence) {
    const line = document.createElement("p");
    line.className = "error";
    line.append(Object.assign(document.createElement("strong"), { textContent: name }), `: ${sentence}`);
    errors.append(line);
  }

  async function refresh() {
    const answer = await fetch(section.dataset.list);
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    list.replaceChildren(...fresh.body.childNodes);
  }

  function formOf(file, given) {
    const body = new FormData();
    body.set("tep", file);
    body.set("vai_tro", given.role);
    body.set("chu_thich", given.caption);
    body.set("xoay", given.quarters);
    body.set("che", JSON.stringify(given.boxes));
    const revision = document.getElementById("scan-of");
    if (revision) body.set("bien_ban", revision.value);
    return body;
  }

  const AS_IT_IS = { role: "photo", caption: "", quarters: 0, boxes: [] };

  // A picture that the browser cannot open: the program says why, and keeps nothing.
  async function why(file) {
    const body = formOf(file, AS_IT_IS);
    body.set("chi_xem", "1");
    return (await ask(section.dataset.send, body)).wrong || section.dataset.notShown;
  }

  async function one({ file, role, caption, instead }, nth, all) {
    let bitmap = null;
    if (file.type !== "application/pdf") {
      try {
        bitmap = await createImageBitmap(file);
      } catch {
        return complain(file.name, await why(file));
      }
    }
    const given = await Editor.open(file, bitmap, { role, caption }, nth, all);
    if (!given) return;
    const body = formOf(file, given);
    if (instead) body.set("thay", instead);
    const { wrong } = await ask(section.dataset.send, body);
    if (wrong) return complain(file.name, wrong);
    said.textContent = section.dataset.kept;
    await refresh();
  }

  const take = (files, role) => look([...files].map((file) => ({ file, role })));

  async function look(found) {
    waiting.push(...found);
    if (busy) return;
    busy = true;
    errors.replaceChildren();
    let nth = 0;
    while (waiting.length) {
      nth += 1;
      await one(waiting.shift(), nth, nth + waiting.length);
    }
    busy = false;
    (errors.children.length ? errors : section).scrollIntoView({ block: "nearest" });
    document.getElementById(chooser.dataset.from || "choose-files").focus();
  }

  section.querySelectorAll("button[data-role]").forEach((button) => {
    button.addEventListener("click", () => {
      Object.assign(chooser.dataset, { role: button.dataset.role, from: button.id });
      chooser.click();
    });
  });
  chooser.addEventListener("change", () => {
    const chosen = [...chooser.files];
    chooser.value = "";
    take(chosen, chooser.dataset.role || "photo");
  });

  // A file dropped anywhere on the page is attached; without this the browser would leave the page for it.
  const carries = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    section.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) section.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    section.classList.remove("over");
    take(event.dataTransfer.files, "photo");
  });
  document.addEventListener("paste", (event) => {
    if (!event.clipboardData || !event.clipboardData.files.length) return;
    event.preventDefault();
    take(event.clipboardData.files, "photo");
  });

  // What is said of a file is no field of the form that it stands in: it is saved here, when one has left it.
  section.addEventListener("input", (event) => event.stopPropagation());
  section.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.tagName === "INPUT") event.target.blur(); });
  section.addEventListener("change", async (event) => {
    event.stopPropagation();
    const row = event.target.closest("[data-file]");
    if (!row) return;
    const body = new FormData();
    row.querySelectorAll("input, select").forEach((field) => body.set(field.name, field.value));
    const { told, wrong } = await ask(`${section.dataset.send}/${row.dataset.file}`, body);
    const warned = document.getElementById(`warned-${row.dataset.file}`);
    warned.textContent = wrong || told.warning || "";
    warned.hidden = !warned.textContent;
  });
  // A face that was overlooked: the photo is opened again, and what is kept then takes its place.
  section.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-again]");
    if (!button) return;
    event.stopPropagation();
    const row = button.closest("[data-file]");
    const answer = await fetch(button.dataset.again);
    const file = new File([await answer.blob()], row.querySelector("strong").textContent, { type: button.dataset.type });
    await look([{ file, role: row.querySelector("select").value, caption: row.querySelector("input").value, instead: row.dataset.file }]);
  });
  section.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    const { wrong } = await ask(button.dataset.remove, new FormData());
    if (wrong) return complain("", wrong);
    await refresh();
    document.getElementById("choose-files").focus();
  });
})();
