(function () {
  "use strict";
  var island = document.getElementById("fupan-facts");
  var card = document.getElementById("card");
  if (!island || !card) return;
  var data = JSON.parse(island.textContent);
  var slots = {};
  card.querySelectorAll("[data-slot]").forEach(function (slot) {
    slots[slot.getAttribute("data-slot")] = slot;
  });
  var shown = null, pinned = false;

  function put(name, text) {
    var slot = slots[name];
    slot.textContent = text || "";
    var row = slot.parentElement;
    if (row.parentElement.tagName === "DL") row.hidden = !text;
  }

  function place(target) {
    if (matchMedia("(max-width: 640px)").matches) {
      card.style.left = card.style.top = "";
      return;
    }
    var box = target.getBoundingClientRect();
    var left = Math.min(Math.max(12, box.left), innerWidth - card.offsetWidth - 12);
    var below = box.bottom + 8;
    var fits = below + card.offsetHeight < innerHeight;
    var top = fits ? below : Math.max(8, box.top - card.offsetHeight - 8);
    card.style.left = left + scrollX + "px";
    card.style.top = top + scrollY + "px";
  }

  function show(target) {
    var key = target.getAttribute("data-fact");
    var fact = Object.prototype.hasOwnProperty.call(data.facts, key) ? data.facts[key] : null;
    if (!fact) return;
    if (shown && shown !== target) shown.removeAttribute("aria-describedby");
    shown = target;
    var text = data.texts[fact.measure] || {};
    put("label", fact.label);
    put("exact", fact.exact);
    put("definition", text.definition);
    put("population", text.population);
    put("coverage", fact.coverage);
    put("basis", fact.basis);
    put("inputs", fact.inputs.map(function (i) { return data.inputs[i]; }).join("\n"));
    put("command", "fupan explain " + key);
    card.hidden = false;
    target.setAttribute("aria-describedby", "card");
    place(target);
  }

  function hide() {
    card.hidden = true;
    pinned = false;
    if (shown) shown.removeAttribute("aria-describedby");
    shown = null;
  }

  function factOf(event) {
    return event.target.closest ? event.target.closest("[data-fact]") : null;
  }

  document.addEventListener("pointerover", function (event) {
    if (event.pointerType !== "mouse" || pinned) return;
    var target = factOf(event);
    if (target) show(target);
    else if (!card.contains(event.target)) hide();
  });
  document.addEventListener("focusin", function (event) {
    var target = factOf(event);
    if (target) show(target);
    else if (!card.contains(event.target)) hide();
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest(".card-close")) return hide();
    var target = factOf(event);
    if (target) { show(target); pinned = true; }
    else if (!card.contains(event.target)) hide();
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") hide();
  });
})();
