// 记录问题: nothing typed or photographed is lost where the network breaks (ui.md §10).
//
// <form data-finding="key" data-photos="address"> is sent by htmx, so that a failed request leaves the page as
// it is. Photos are sent one by one as they are chosen; those that could not be sent stay in this browser's own
// database and are sent when the network returns, also after the page was closed. Words are kept in localStorage.
const RETRY_EVERY = 20000;
const STORE = "shots";
const time = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
const form = () => document.querySelector("form[data-finding]");
const key = () => `finding:${form().dataset.finding}`;
const list = () => form().querySelector("[data-shots]");
const shots = new Map(); // id of the device's own -> { file, item, isSending }
let isSent = false;

function say(text, isWarning = false) {
  const place = form().querySelector("[data-finding-state]");
  place.querySelector("span").textContent = text;
  place.classList.toggle("t-amber", isWarning);
}

// --- Words ----------------------------------------------------------------------------------
function keepWords() {
  if (isSent) return;
  const names = new Set(["csrfmiddlewaretoken", "version"]);
  const fields = [...new FormData(form())].filter(([name, value]) => typeof value === "string" && !names.has(name));
  localStorage.setItem(key(), JSON.stringify(fields));
}

function restoreWords() {
  const kept = localStorage.getItem(key());
  if (!kept || form().querySelector(".error-summary")) return;
  const fields = JSON.parse(kept);
  if (!fields.some(([name, value]) => (name === "description" || name === "kept") && value.trim())) return;
  for (const [name, value] of fields) {
    if (name === "kept") {
      if (!form().querySelector(`input[name=kept][value="${CSS.escape(value)}"]`)) addShot("已上传", { key: value });
      continue;
    }
    for (const field of form().querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === value;
      else if (field.type !== "file") field.value = value;
    }
  }
  say("已恢复上次没有保存的内容", true);
}

// --- Photos on this device ------------------------------------------------------------------
// Where there is no such database (private windows) photos are only kept while the page is open.
const database = new Promise((resolve) => {
  const opening = window.indexedDB ? indexedDB.open("findings", 1) : null;
  if (!opening) return resolve(null);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "id" });
  opening.onsuccess = () => resolve(opening.result);
  opening.onerror = () => resolve(null);
});

async function onDevice(mode, work) {
  const opened = await database;
  if (!opened) return null;
  return new Promise((resolve) => {
    const asked = work(opened.transaction(STORE, mode).objectStore(STORE));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => resolve(null);
  });
}

async function restoreShots() {
  const kept = (await onDevice("readonly", (store) => store.getAll())) || [];
  for (const shot of kept.filter((one) => one.form === key())) take(shot.id, new File([shot.blob], shot.name, { type: shot.blob.type }));
}

// --- Photos on the page ---------------------------------------------------------------------
function addShot(word, { file, key: number } = {}) {
  const item = document.createElement("li");
  item.className = "shots__item";
  const image = document.createElement("img");
  image.className = "shots__img";
  image.alt = file ? `现场照片 ${file.name}` : "已上传的照片";
  image.src = file ? URL.createObjectURL(file) : `${form().dataset.photos}${number}/`;
  const state = document.createElement("span");
  state.className = "shots__state";
  state.textContent = word;
  item.append(image, state, removeButton());
  if (number) item.append(hidden(number));
  list().append(item);
  return item;
}

function removeButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-plain";
  button.textContent = "移除";
  button.dataset.remove = "";
  return button;
}

// Those that the server drew after an error have no button yet: it needs this script.
function dressShots() {
  for (const input of list().querySelectorAll("input[name=kept]")) {
    const item = input.closest("li");
    if (!item.querySelector("[data-remove]")) item.append(removeButton());
  }
}

function hidden(number) {
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = "kept";
  input.value = number;
  return input;
}

function tell(item, word, isWrong = false) {
  const state = item.querySelector(".shots__state");
  state.textContent = word;
  state.classList.toggle("t-red", isWrong);
}

function take(id, file) {
  shots.set(id, { file, item: addShot("等待上传", { file }), isSending: false });
  return send(id);
}

async function send(id) {
  const shot = shots.get(id);
  if (!shot || shot.isSending) return;
  shot.isSending = true;
  tell(shot.item, "上传中…");
  const body = new FormData();
  body.append("photos", shot.file, shot.file.name);
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  let response = null;
  try {
    response = await fetch(form().dataset.photos, { method: "POST", headers, body });
  } catch (error) {
    response = null; // no network: fetch refuses
  }
  shot.isSending = false;
  if (!shots.has(id)) return; // removed meanwhile
  const isJson = response && (response.headers.get("Content-Type") || "").includes("json");
  if (isJson && response.ok) {
    const kept = await response.json();
    shots.delete(id);
    onDevice("readwrite", (store) => store.delete(id));
    shot.item.append(hidden(kept.id));
    tell(shot.item, "已上传");
    keepWords();
  } else if (isJson) {
    const refused = await response.json();
    shots.delete(id);
    onDevice("readwrite", (store) => store.delete(id));
    tell(shot.item, refused.detail, true);
  } else {
    const word = response && response.status < 500 ? "未上传，请另开一页重新登录" : `未联网，已存本机 ${time()}`;
    tell(shot.item, word, true);
  }
}

function sendAll() {
  return Promise.all([...shots.keys()].map(send));
}

document.addEventListener("change", (event) => {
  if (!form() || event.target.id !== "id_photos") return;
  for (const file of event.target.files) {
    const id = `${Date.now()}-${Math.random()}`;
    onDevice("readwrite", (store) => store.put({ id, form: key(), name: file.name, blob: file }));
    take(id, file);
  }
  event.target.value = ""; // they go one by one, not with the form
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-remove]");
  if (!button) return;
  const item = button.closest("li");
  for (const [id, shot] of shots) {
    if (shot.item !== item) continue;
    shots.delete(id);
    onDevice("readwrite", (store) => store.delete(id));
  }
  item.remove();
  keepWords();
});

// --- Sending the form -----------------------------------------------------------------------
// It waits for photos on their way; with photos that cannot be sent it is not sent at all.
document.addEventListener("htmx:confirm", (event) => {
  if (!form() || event.target !== form() || shots.size === 0) return;
  event.preventDefault();
  say("正在上传照片…");
  sendAll().then(waitForShots).then((isDone) => {
    if (isDone) event.detail.issueRequest(true);
    else say(`有 ${shots.size} 张照片未传完，尚未保存。恢复联网后自动续传`, true);
  });
});

async function waitForShots() {
  while ([...shots.values()].some((shot) => shot.isSending)) await new Promise((resolve) => setTimeout(resolve, 200));
  return shots.size === 0;
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target === form()) say("正在保存…");
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    if (event.target !== form()) return;
    keepWords();
    say(`未联网，已存本机 ${time()}，照片也在。恢复后请再按保存`, true);
  });
}
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== form()) return;
  // Logged out meanwhile: the log-in page must not take the form's place.
  if (new URL(event.detail.xhr.responseURL).pathname !== location.pathname) {
    event.detail.shouldSwap = false;
    keepWords();
    say("登录已过期，内容已存本机。请另开一页登录后再按保存", true);
  }
});
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.target !== form() || !event.detail.xhr.getResponseHeader("HX-Redirect")) return;
  isSent = true;
  localStorage.removeItem(key());
});
// Drawn anew after an error: photos still on their way, and the buttons, are put back.
document.addEventListener("htmx:afterSwap", () => {
  if (!form()) return;
  shots.forEach((shot) => list().append(shot.item));
  dressShots();
});
document.addEventListener("htmx:responseError", (event) => {
  if (event.target === form()) say("没有保存，请看页面上方的说明。填的内容都在", true);
});

if (form()) {
  document.addEventListener("input", (event) => event.target.form === form() && keepWords());
  document.addEventListener("change", (event) => event.target.form === form() && keepWords());
  window.addEventListener("online", sendAll);
  setInterval(sendAll, RETRY_EVERY);
  restoreWords();
  restoreShots();
  dressShots();
}
