// The preview of a paper: breaks it into pages of the type area, says which of the standard's fonts are missing, prints.
//
// Only the browser knows how wide its letters are, so it does the breaking: what does not fit into 225 mm (landscape:
// 156 mm) moves to a page of its own; paragraphs are cut between lines, tables between rows with their head repeated,
// headings stay with what follows. On narrow screens there are no pages.
const desk = document.querySelector("[data-pages]");
const wide = window.matchMedia("(min-width: 992px)");
const KEEPS_NEXT = "h3, .paper__label, .paper__title--annex, .paper__caption";
const NEVER_ALONE = ".paper__attachments, .paper__signature";
const SLACK = 1;

// --- Breaking ---

function limitOf(page) {
  // A probe as high as the type area, measured as everything else is, so that zoom does not matter.
  const probe = document.createElement("div");
  const isWide = page.classList.contains("paper--landscape");
  probe.className = "paper__probe";
  page.prepend(probe);
  const style = getComputedStyle(page);
  const top = probe.getBoundingClientRect().top;
  const scale = page.getBoundingClientRect().width / parseFloat(style.width) || 1;
  probe.remove();
  const millimetre = 96 / 25.4;
  return top + (isWide ? 156 : 225) * millimetre * scale + SLACK;
}

function textNodes(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
}

function bottomOf(node, offset) {
  const range = document.createRange();
  range.setStart(node, offset);
  range.setEnd(node, offset + 1);
  const rect = range.getBoundingClientRect();
  return rect.height ? rect.bottom : -Infinity;
}

// The first letter below the limit, as {node, offset}; null when the first line is already below it.
function firstBelow(paragraph, limit) {
  const nodes = textNodes(paragraph);
  for (let at = 0; at < nodes.length; at += 1) {
    const node = nodes[at];
    if (!node.length || bottomOf(node, node.length - 1) <= limit) continue;
    let low = 0;
    let high = node.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bottomOf(node, middle) > limit) high = middle;
      else low = middle + 1;
    }
    return at === 0 && low === 0 ? null : { node, offset: low };
  }
  return null;
}

function cutParagraph(paragraph, limit) {
  const place = firstBelow(paragraph, limit);
  if (!place) return null;
  const range = document.createRange();
  range.setStart(place.node, place.offset);
  range.setEnd(paragraph, paragraph.childNodes.length);
  const rest = paragraph.cloneNode(false);
  rest.removeAttribute("id");
  rest.append(range.extractContents());
  rest.querySelectorAll("[id]").forEach((one) => one.textContent || one.remove());
  if (!rest.textContent) return null;
  rest.classList.add("is-continued");
  paragraph.classList.add("is-cut");
  return rest;
}

function cutTable(table, limit) {
  const rows = [...table.tBodies[0].rows];
  const first = rows.findIndex((row) => row.getBoundingClientRect().bottom > limit);
  if (first < 1) return null;
  const rest = table.cloneNode(false);
  for (const part of [table.querySelector("colgroup"), table.tHead]) if (part) rest.append(part.cloneNode(true));
  const body = document.createElement("tbody");
  body.append(...rows.slice(first));
  rest.append(body);
  return rest;
}

function cut(block, limit) {
  if (block.matches("table")) return cutTable(block, limit);
  if (block.matches("p:not([class]), p.is-continued")) return cutParagraph(block, limit);
  return null;
}

function breakPage(page) {
  const limit = limitOf(page);
  const blocks = [...page.children];
  const at = blocks.findIndex((block) => block.getBoundingClientRect().bottom > limit);
  if (at < 0) return null;
  const rest = cut(blocks[at], limit);
  let from = rest ? at + 1 : at;
  // Name and date never stand on a page without text.
  if (!rest) while (from > 1 && blocks[from].matches(NEVER_ALONE)) from -= 1;
  // A heading alone at the foot goes with its text; the first block of a page stays, or nothing would ever fit.
  if (!rest) while (from > 1 && blocks[from - 1].matches(KEEPS_NEXT)) from -= 1;
  if (!rest && from === 0) return null;
  const next = page.cloneNode(false);
  next.append(...(rest ? [rest] : []), ...blocks.slice(from));
  if (!next.children.length) return null;
  page.after(next);
  return next;
}

function number(pages) {
  pages.forEach((page, index) => {
    const mark = document.createElement("div");
    mark.className = `paper__page paper__page--${index % 2 ? "even" : "odd"}`;
    mark.textContent = `— ${index + 1} —`;
    page.append(mark);
    page.setAttribute("aria-label", `第 ${index + 1} 页`);
  });
}

// Printed on both sides a document ends on an even page, and 版记 stands at its foot.
function sayOddColophon(pages) {
  const line = document.querySelector("[data-odd-colophon]");
  const place = pages.findIndex((page) => page.querySelector(".paper__colophon")) + 1;
  if (!line || place % 2 === 0) return;
  line.querySelector("[data-page]").textContent = place;
  line.hidden = false;
}

function paginate() {
  for (const sheet of desk.querySelectorAll(".paper")) {
    let page = sheet;
    for (let count = 0; page && count < 60; count += 1) page = breakPage(page);
  }
  const pages = [...desk.querySelectorAll(".paper")];
  number(pages);
  sayOddColophon(pages);
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target) target.scrollIntoView({ block: desk.contains(target) ? "center" : "start" });
}

// --- Fonts ---

const FONTS = { "方正小标宋简体": ["FZXiaoBiaoSong-B05S", "方正小标宋简体", "方正小标宋_GBK"], "仿宋_GB2312": ["仿宋_GB2312", "FangSong_GB2312"], "楷体_GB2312": ["楷体_GB2312", "KaiTi_GB2312"], "黑体": ["SimHei", "黑体"] };

// A font is there when Latin letters set in it are as wide whatever stands behind it.
function isThere(name, context) {
  const width = (family) => {
    context.font = `40px ${family}`;
    return context.measureText("mmmmiiiiWW123").width;
  };
  return ["monospace", "serif", "sans-serif"].some((generic) => width(`"${name}", ${generic}`) !== width(generic));
}

function sayMissingFonts() {
  const line = document.querySelector("[data-missing-fonts]");
  if (!line) return;
  const context = document.createElement("canvas").getContext("2d");
  const missing = Object.keys(FONTS).filter((font) => !FONTS[font].some((name) => isThere(name, context)));
  line.querySelector("[data-font-names]").textContent = missing.join("、");
  line.hidden = !missing.length;
}

// --- Unsaved words ---
// Typed but not saved, they are kept in this tab: a reload or a look at another section does not lose them. The versions
// they were typed on are kept with them, so that saving over somebody else's words is still asked about.

const form = document.querySelector("[data-unsaved]");
const keyOf = (field) => `unsaved:${form.dataset.unsaved}:${field.name}`;
const versionsOf = (field) => ["version", `version_of_${field.name}`].map((name) => form.elements[name]).filter(Boolean);
const typedFields = () => [...form.querySelectorAll("textarea")];

function say(text) {
  form.querySelector("[data-unsaved-state]").textContent = text;
}

function keep(field) {
  const key = keyOf(field);
  if (field.value === field.defaultValue) sessionStorage.removeItem(key);
  else sessionStorage.setItem(key, JSON.stringify({ value: field.value, versions: versionsOf(field).map((one) => one.value) }));
  say(typedFields().some((one) => sessionStorage.getItem(keyOf(one))) ? "有未保存的修改，已暂存本机" : "");
}

function restore() {
  const restored = typedFields().filter((field) => {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(field)) || "null");
    if (!kept || kept.value === field.defaultValue) return false;
    field.value = kept.value;
    versionsOf(field).forEach((one, at) => {
      one.value = Math.min(one.value, kept.versions[at]);
    });
    return true;
  });
  if (restored.length) say("已恢复上次未保存的文字");
}

function forget() {
  typedFields().forEach((field) => sessionStorage.removeItem(keyOf(field)));
}

if (form) {
  // A form that comes back refused holds what was typed; a fresh one may lack it.
  if (!("refused" in form.dataset)) restore();
  form.addEventListener("input", (event) => event.target.matches("textarea") && keep(event.target));
  form.addEventListener("submit", forget);
  form.querySelector("[data-discard]").addEventListener("click", forget);
}

if (desk && wide.matches) paginate();
sayMissingFonts();
