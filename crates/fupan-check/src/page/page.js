"use strict";
// Without this script a claim is a link to its note, and its card shows on hover and focus.
document.documentElement.classList.add("scripted");
document.addEventListener("click", (event) => {
  const claim = event.target.closest("a.claim");
  // A tap or click shows the card; the Enter key follows the link to the note.
  if (claim && event.detail > 0) {
    event.preventDefault();
    claim.focus();
  }
});
// Cards start at the claim, as far as the column has room for them.
const place = (event) => {
  const at = event.target.closest?.(".at");
  const card = at?.querySelector(".card");
  if (!card) return;
  const column = (card.offsetParent ?? document.body).getBoundingClientRect();
  const page = document.querySelector("article").getBoundingClientRect();
  const claim = [...at.querySelector("a.claim").getClientRects()].pop();
  const most = Math.max(page.left, page.right - card.offsetWidth) - column.left;
  card.style.setProperty("--left", `${Math.min(claim.left - column.left, most)}px`);
};
document.addEventListener("pointerover", place);
document.addEventListener("focusin", place);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.activeElement?.blur();
  document.documentElement.classList.add("quiet");
});
document.addEventListener("pointermove", (event) => {
  if (!event.target.closest?.(".at")) document.documentElement.classList.remove("quiet");
});
document.addEventListener("focusin", () => document.documentElement.classList.remove("quiet"));
