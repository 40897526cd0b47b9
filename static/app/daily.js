// The daily form: the gap follows the number as one types, and a changed number says so (ui.md §6).
// Every figure stands in the page already; without scripts the gap of the last value is shown.
const halfWidth = (text) =>
  text.trim().replace(/[０-９．－]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replace(/,/g, "");

function gapOf(input, value) {
  const aim = Number(input.dataset.aim);
  const missing = input.dataset.direction === "lower" ? value - aim : aim - value;
  return Math.round(missing * 10000) / 10000;
}

function renew(input) {
  const row = input.closest(".field-row");
  const text = halfWidth(input.value);
  const isChanged = text !== "" && text !== input.dataset.last;
  input.closest(".bignum").classList.toggle("is-changed", isChanged);
  // Date, reason and later evidence are asked only where something changed.
  if (isChanged) {
    row.classList.add("has-change");
    document.getElementById(input.dataset.more).open = true;
  }
  const place = row.querySelector("[data-gap]");
  if (place && input.dataset.aim) place.textContent = isChanged ? gapText(input, row, text) : firstText(place);
}

// What the server wrote is right for the last value, and comes back with it.
function firstText(place) {
  place.dataset.first ??= place.textContent;
  return place.dataset.first;
}

function gapText(input, row, text) {
  firstText(row.querySelector("[data-gap]"));
  if (Number.isNaN(Number(text))) return "—";
  const gap = gapOf(input, Number(text));
  const unit = row.querySelector(".bignum__unit").textContent.trim();
  return gap <= 0 ? input.dataset.reached : `还差 ${gap} ${unit === "%" ? "个百分点" : unit}`;
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-leaf]")) renew(event.target);
});
document.querySelectorAll("[data-leaf]").forEach(renew);
