// Forms: drafts kept while typing, error summary in focus, selection of rows, filters that apply themselves.

// --- Drafts ---------------------------------------------------------------------------------
// <form data-draft="daily-report-A08-2026-10-12" hx-post="…/draft/" hx-trigger="input delay:800ms, change" hx-swap="none">
// htmx sends; this says so in words at [data-draft-state] and keeps a copy on the device while the
// server cannot be reached. The copy is sent again when the network returns (ui.md §10).
const clock = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
const storageKey = (form) => `draft:${form.dataset.draft}`;

function draftOf(event) {
  const form = event.target.closest && event.target.closest("form");
  return form && form.dataset.draft ? form : null;
}

function say(form, text, isWarning = false) {
  const places = [...document.querySelectorAll("[data-draft-state]")];
  const place = form.querySelector("[data-draft-state]") || places[0];
  if (!place) return;
  (place.querySelector("span") || place).textContent = text;
  place.classList.toggle("t-amber", isWarning);
}

function keepOnDevice(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
  localStorage.setItem(storageKey(form), JSON.stringify(fields));
  say(form, `未联网，已存本机 ${clock()}。恢复后自动续传`, true);
}

function restoreFromDevice(form) {
  const kept = localStorage.getItem(storageKey(form));
  if (!kept) return;
  for (const [name, value] of JSON.parse(kept)) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === value;
      else if (field.type !== "file") field.value = value;
    }
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

// A draft on its way raises the version that the form is then sent with: whoever types and at once taps 提交
// would be in conflict with oneself. So a submission waits for the draft's answer, which renews the version,
// and once it is on its way no draft follows it.
const saving = new WeakSet();
const waiting = new WeakMap();
const sent = new WeakSet();

function draftAnswered(form) {
  saving.delete(form);
  // After htmx has sent the next draft, if one was queued: that one is waited for too.
  setTimeout(() => {
    if (saving.has(form) || !waiting.has(form)) return;
    const submitter = waiting.get(form);
    waiting.delete(form);
    form.requestSubmit(submitter);
  });
}

document.addEventListener("submit", (event) => {
  const form = draftOf(event);
  if (!form) return;
  if (saving.has(form)) {
    event.preventDefault();
    waiting.set(form, event.submitter);
    return;
  }
  setTimeout(() => event.defaultPrevented || sent.add(form));
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-draft]").forEach((form) => sent.delete(form)));

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = draftOf(event);
  if (!form) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  saving.add(form);
  say(form, "正在保存…");
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = draftOf(event);
  if (!form || !event.detail.xhr || event.detail.xhr.status === 0) return;
  if (event.detail.successful) {
    localStorage.removeItem(storageKey(form));
    say(form, `草稿已保存 ${clock()}`);
  } else {
    say(form, "草稿未保存，请看页面上方的说明", true);
  }
  draftAnswered(form);
});
document.addEventListener("htmx:sendError", (event) => {
  const form = draftOf(event);
  if (!form) return;
  keepOnDevice(form);
  draftAnswered(form);
});
window.addEventListener("online", () => document.querySelectorAll("form[data-draft]").forEach(restoreFromDevice));
window.addEventListener("load", () => document.querySelectorAll("form[data-draft]").forEach(restoreFromDevice));

// --- Errors ---------------------------------------------------------------------------------
function focusErrors(root) {
  const summary = root.querySelector(".error-summary");
  if (summary) summary.focus();
}
focusErrors(document);
document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.target));

// --- Selection ------------------------------------------------------------------------------
// <form data-selection> … <input type="checkbox" data-select-all> … data-select on each row's box,
// and a .bulkbar with <b data-selection-count>. The bar appears only with a selection (ui.md §6).
function renewSelection(form) {
  const boxes = [...form.querySelectorAll("input[data-select]")];
  const chosen = boxes.filter((box) => box.checked);
  boxes.forEach((box) => {
    const row = box.closest("tr");
    if (row) row.classList.toggle("is-selected", box.checked);
  });
  form.querySelectorAll(".bulkbar").forEach((bar) => {
    bar.hidden = chosen.length === 0;
  });
  form.querySelectorAll("[data-selection-count]").forEach((place) => {
    place.textContent = chosen.length;
  });
  const all = form.querySelector("input[data-select-all]");
  if (all) {
    all.checked = boxes.length > 0 && chosen.length === boxes.length;
    all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
  }
}
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-selection]");
  if (!form) return;
  if (event.target.matches("[data-select-all]")) {
    form.querySelectorAll("input[data-select]").forEach((box) => {
      box.checked = event.target.checked;
    });
  }
  renewSelection(form);
});
document.querySelectorAll("form[data-selection]").forEach(renewSelection);

// --- Filters --------------------------------------------------------------------------------
// <select data-autosubmit>: the filter form is sent as soon as one is chosen; its button serves without scripts.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
});
