// Results of acts, top right. Success leaves after 5 seconds, errors stay (ui.md §6).
// From a server answer: the header HX-Trigger: {"toast": {"text": "已保存"}}.
// From another module: document.dispatchEvent(new CustomEvent("toast", { detail: { text, failed } })).
const box = document.getElementById("toasts");
const template = document.getElementById("toast-template");

function settle(toast) {
  const failed = toast.getAttribute("role") === "alert";
  toast.querySelector("[data-toast-close]").addEventListener("click", () => toast.remove());
  if (!failed) setTimeout(() => toast.remove(), 5000);
}

function show({ text, failed }) {
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("[data-toast-text]").textContent = text;
  if (failed) {
    toast.classList.add("toast-box--red");
    toast.setAttribute("role", "alert");
  }
  box.append(toast);
  settle(toast);
}

box.querySelectorAll(".toast-box").forEach(settle);
document.addEventListener("toast", (event) => show(event.detail));
