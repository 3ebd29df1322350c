// One picture before it is kept: turned, and covered by mouse or by keys. What is covered here is only drawn over;
// the program takes it out of the picture itself before anything is kept.
"use strict";

const Editor = (() => {
  const dialog = document.getElementById("editor");
  const part = (name) => document.getElementById(`editor-${name}`);
  const MOST = 1600; // pixels of the canvas: the screen shows no more
  const LEAST = 0.012; // of the picture: a click is no box
  const STEP = 0.01;
  let picture = null;
  let quarters = 0;
  let boxes = [];
  let answer = null;

  document.body.append(dialog); // out of any form: its keys and fields are its own

  function draw() {
    const canvas = part("canvas");
    const scale = Math.min(1, MOST / Math.max(picture.width, picture.height));
    const [across, down] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
    const lying = quarters % 2 === 1;
    canvas.width = lying ? down : across;
    canvas.height = lying ? across : down;
    const pen = canvas.getContext("2d");
    pen.translate(canvas.width / 2, canvas.height / 2);
    pen.rotate((quarters * Math.PI) / 2);
    pen.drawImage(picture, -across / 2, -down / 2, across, down);
    boxes.forEach(place);
  }

  const percent = (share) => `${share * 100}%`;
  const inside = (share, most) => Math.min(Math.max(share, 0), most);

  function place(box) {
    box.width = inside(box.width, 1);
    box.height = inside(box.height, 1);
    box.left = inside(box.left, 1 - box.width);
    box.top = inside(box.top, 1 - box.height);
    Object.assign(box.shown.style, {
      left: percent(box.left), top: percent(box.top), width: percent(box.width), height: percent(box.height),
    });
  }

  function filled(words, values) {
    return Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words);
  }

  function number() {
    boxes.forEach((box, at) => box.shown.setAttribute("aria-label", filled(dialog.dataset.box, { n: at + 1 })));
    part("uncover").disabled = boxes.length === 0;
  }

  function say(box) {
    const shares = ["left", "top", "width", "height"].map((name) => [name, Math.round(box[name] * 100)]);
    part("where").textContent = filled(dialog.dataset.where, { n: boxes.indexOf(box) + 1, ...Object.fromEntries(shares) });
  }

  function add(left, top, width, height) {
    const shown = document.createElement("button");
    const box = { left, top, width, height, shown };
    shown.type = "button";
    shown.className = "cover";
    shown.append(Object.assign(document.createElement("span"), { className: "grip" }));
    shown.addEventListener("keydown", (event) => byKey(event, box));
    shown.addEventListener("pointerdown", (event) => byHand(event, box));
    part("stage").append(shown);
    boxes.push(box);
    place(box);
    number();
    return box;
  }

  function drop(box) {
    box.shown.remove();
    boxes = boxes.filter((one) => one !== box);
    number();
  }

  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function byKey(event, box) {
    const way = WAYS[event.key];
    if (event.key === "Delete" || event.key === "Backspace") {
      drop(box);
      part("cover").focus();
    } else if (way && event.shiftKey) {
      box.width = Math.max(box.width + way[0] * STEP, STEP);
      box.height = Math.max(box.height + way[1] * STEP, STEP);
    } else if (way) {
      box.left += way[0] * STEP;
      box.top += way[1] * STEP;
    } else return;
    event.preventDefault();
    if (boxes.includes(box)) { place(box); say(box); }
  }

  function at(event) {
    const frame = part("canvas").getBoundingClientRect();
    return [inside((event.clientX - frame.left) / frame.width, 1), inside((event.clientY - frame.top) / frame.height, 1)];
  }

  // Follow the pointer until it is let go.
  function follow(element, event, move, end = () => {}) {
    element.setPointerCapture(event.pointerId);
    const moved = (next) => move(at(next));
    element.addEventListener("pointermove", moved);
    const done = () => { element.removeEventListener("pointermove", moved); end(); };
    element.addEventListener("pointerup", done, { once: true });
    element.addEventListener("pointercancel", done, { once: true });
  }

  function byHand(event, box) {
    event.stopPropagation();
    const [x, y] = at(event);
    const was = { ...box };
    const sizes = event.target.classList.contains("grip");
    follow(box.shown, event, ([toX, toY]) => {
      if (sizes) {
        box.width = Math.max(was.width + toX - x, STEP);
        box.height = Math.max(was.height + toY - y, STEP);
      } else {
        box.left = was.left + toX - x;
        box.top = was.top + toY - y;
      }
      place(box);
    });
  }

  part("stage").addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !picture) return;
    event.preventDefault();
    const [x, y] = at(event);
    const box = add(x, y, 0, 0);
    follow(part("stage"), event, ([toX, toY]) => {
      Object.assign(box, { left: Math.min(x, toX), top: Math.min(y, toY), width: Math.abs(toX - x), height: Math.abs(toY - y) });
      place(box);
    }, () => {
      if (box.width < LEAST || box.height < LEAST) drop(box);
      else box.shown.focus();
    });
  });

  part("cover").addEventListener("click", () => {
    const box = add(0.4, 0.4, 0.2, 0.2);
    box.shown.focus();
    say(box);
  });
  part("uncover").addEventListener("click", () => {
    drop(boxes[boxes.length - 1]);
    part("cover").focus();
  });

  function turn(clockwise) {
    quarters = (quarters + (clockwise ? 1 : 3)) % 4;
    boxes.forEach((box) => {
      const { left, top, width, height } = box;
      Object.assign(box, clockwise
        ? { left: 1 - top - height, top: left, width: height, height: width }
        : { left: top, top: 1 - left - width, width: height, height: width });
    });
    draw();
  }
  part("left").addEventListener("click", () => turn(false));
  part("right").addEventListener("click", () => turn(true));

  function close(kept) {
    const told = kept && {
      role: part("role").value, caption: part("caption").value, quarters,
      boxes: boxes.map((box) => [box.left, box.top, box.width, box.height]),
    };
    const done = answer;
    answer = null;
    boxes.forEach((box) => box.shown.remove());
    boxes = [];
    if (picture) picture.close();
    picture = null;
    if (dialog.open) dialog.close();
    if (done) done(told);
  }
  part("keep").addEventListener("click", () => close(true));
  part("skip").addEventListener("click", () => close(false));
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); close(false); });
  part("caption").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // else the field that gets the focus back would send its form
    close(true);
  });

  // Show one file; the promise brings what to do with it, or nothing where it is not wanted.
  function open(file, bitmap, { role, caption = "" }, nth, all) {
    picture = bitmap;
    quarters = 0;
    part("nth").textContent = filled(dialog.dataset.nth, { n: nth, all });
    part("name").textContent = file.name;
    part("caption").value = caption;
    part("role").value = bitmap ? role : "scan";
    ["stage", "tools", "reminder"].forEach((name) => { part(name).hidden = !bitmap; });
    part("paper").hidden = Boolean(bitmap);
    number();
    dialog.showModal();
    if (bitmap) draw();
    part("keep").focus();
    return new Promise((resolve) => { answer = resolve; });
  }

  return { open };
})();
