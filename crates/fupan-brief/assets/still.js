(function () {
  "use strict";
  addEventListener("load", function () {
    var root = document.documentElement;
    document.querySelectorAll(".scroll").forEach(function (box) {
      var table = box.querySelector("table");
      if (table && table.offsetWidth > box.clientWidth) {
        table.style.zoom = box.clientWidth / table.offsetWidth;
      }
    });
    root.setAttribute("data-han", han());
    root.setAttribute("data-width", innerWidth);
    root.setAttribute("data-height", Math.ceil(root.getBoundingClientRect().height));
  });

  // A font without Han characters has one and the same box for all of them.
  function han() {
    if (!/\p{Script=Han}/u.test(document.body.textContent)) return "none";
    var drawn = ["\u590d", "\u76d8", "\u6da8"].map(function (character) {
      var canvas = document.createElement("canvas");
      canvas.width = canvas.height = 64;
      var pen = canvas.getContext("2d");
      pen.font = "48px " + getComputedStyle(document.body).fontFamily;
      pen.fillText(character, 4, 52);
      return canvas.toDataURL();
    });
    return drawn[0] === drawn[1] && drawn[1] === drawn[2] ? "missing" : "drawn";
  }
})();
