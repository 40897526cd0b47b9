// Acts that cannot be taken back are asked once more, naming object and effect (ui.md §7):
// <button data-confirm="向县住建局等 4 个单位发催报？" data-confirm-yes="发送" data-confirm-no="不发">
// Optional data-confirm-effect adds a line. Without scripts the form is simply sent.
const dialog = document.getElementById("confirm-dialog");
const part = (name) => document.getElementById(`confirm-${name}`);
let asked = null;

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest("[data-confirm]");
    if (!button || button === asked) return;
    event.preventDefault();
    event.stopPropagation();
    part("question").textContent = button.dataset.confirm;
    part("effect").textContent = button.dataset.confirmEffect || "";
    part("yes").textContent = button.dataset.confirmYes || button.textContent.trim();
    part("no").textContent = button.dataset.confirmNo || "暂不办理";
    asked = button;
    dialog.returnValue = "no";
    dialog.showModal();
    part("no").focus();
  },
  true,
);

dialog.addEventListener("close", () => {
  const button = asked;
  if (dialog.returnValue === "yes") button.click();
  asked = null;
  button.focus();
});
