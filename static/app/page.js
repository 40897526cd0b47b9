// The frame: drawer on phones, menus that close, print, back, copy.

// --- Drawer: works by :target without scripts; here with focus and Esc -------------------------
const nav = document.getElementById("app-nav");
const opener = document.querySelector("[data-drawer=open]");

function setDrawer(isOpen) {
  nav.classList.toggle("is-open", isOpen);
  opener.setAttribute("aria-expanded", isOpen);
  (isOpen ? nav.querySelector("a") : opener).focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-drawer]");
  if (link) {
    event.preventDefault();
    setDrawer(link.dataset.drawer === "open");
  } else if (nav && nav.classList.contains("is-open") && !nav.contains(event.target)) {
    setDrawer(false);
  }
});

// --- Menus (<details class="menu">) ----------------------------------------------------------
function closeMenus(except) {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
}
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  closeMenus(null);
  if (nav && nav.classList.contains("is-open")) setDrawer(false);
});

// --- Buttons: data-print, data-back, data-copy="#id of the text" --------------------------------
async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  // Offices reach the platform by plain http, where the clipboard interface is missing.
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-print], [data-back], [data-copy]");
  if (!button) return;
  event.preventDefault();
  if ("print" in button.dataset) window.print();
  else if ("back" in button.dataset) history.back();
  else {
    const source = document.querySelector(button.dataset.copy);
    await copy(source.value || source.textContent.trim());
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: "已复制，可以粘贴到工作群" } }));
  }
});

// --- Printing is logged, however it was begun ---------------------------------------------------------
const printed = document.querySelector("[data-prints]");
if (printed) {
  window.addEventListener("beforeprint", () => {
    const path = location.pathname; // without the query: a search may hold a telephone number
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    fetch(printed.dataset.prints, { method: "POST", headers, body: new URLSearchParams({ path }), keepalive: true });
  });
}

// --- What scrolls sideways is reached by the keyboard (WCAG 2.1.1); what fits is no stop on the way ----
const scrolling = [...document.querySelectorAll(".stepper, .paper--annex, .tbl-wrap:not([tabindex])")];

function markScrolling() {
  scrolling.forEach((region) => {
    if (region.scrollWidth > region.clientWidth) region.tabIndex = 0;
    else region.removeAttribute("tabindex");
  });
}
window.addEventListener("load", markScrolling);
window.addEventListener("resize", markScrolling);

// --- Tabs and steps: on a telephone the present one is moved into sight --------------------------------
document.querySelectorAll(".views .is-current, .stepper .is-current").forEach((tab) => {
  const bar = tab.closest(".views, .stepper");
  bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - (bar.clientWidth - tab.clientWidth) / 2;
});
