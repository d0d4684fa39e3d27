// Measures the pages in the frames of this page, and writes what is wrong with them as JSON, one
// line a fault. A fault is text that is cut, that overlaps other text or runs into it, that leaves
// its cell or the page, or that is too small to read.
(function () {
  "use strict";
  var SMALLEST = 8.9; // type, in pixels
  var APART = 3; // between two texts on a line, in pixels

  // The middle of a line of type: its box is higher than its letters.
  function letters(box) {
    var off = box.height * 0.2;
    return { left: box.left, right: box.right, top: box.top + off, bottom: box.bottom - off };
  }

  function overlap(one, other, by) {
    return Math.min(one.right, other.right) - Math.max(one.left, other.left) > by &&
      Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > by;
  }

  function within(inner, outer, by) {
    return inner.left >= outer.left - by && inner.right <= outer.right + by &&
      inner.top >= outer.top - by && inner.bottom <= outer.bottom + by;
  }

  function measure(frame, state) {
    var page = frame.contentDocument, view = frame.contentWindow, faults = [];
    var name = frame.title + state, width = frame.clientWidth;

    function fault(kind, text, other) {
      faults.push(JSON.stringify([name, width, kind, text.trim().slice(0, 60), other || ""]));
    }

    function shown(element) {
      var folded = element.closest("details:not([open])");
      if (folded && !element.closest("summary")) return false;
      return element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true });
    }

    // Every run of text on one line that can be seen.
    function runs() {
      var found = [], walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        var node = walker.currentNode, parent = node.parentElement;
        if (!node.data.trim() || parent.closest("script,style,title,.skip,.card")) continue;
        if (!shown(parent)) continue;
        var range = page.createRange();
        range.selectNodeContents(node);
        Array.prototype.forEach.call(range.getClientRects(), function (box) {
          if (box.width < 0.5) return;
          found.push({ text: node.data, parent: parent, box: letters(box) });
        });
      }
      return found;
    }

    function clipper(element) {
      for (var at = element; at && at !== page.body; at = at.parentElement) {
        if (at.classList.contains("scroll")) return null;
        if (at instanceof view.HTMLElement && view.getComputedStyle(at).overflowX !== "visible") return at;
      }
      return page.documentElement;
    }

    var found = runs();
    found.sort(function (a, b) { return a.box.top - b.box.top; });
    found.forEach(function (one, place) {
      var clip = clipper(one.parent);
      // A wide table scrolls under its caption.
      var caption = one.parent.closest("caption");
      if (caption) clip = caption.closest(".scroll") || clip;
      if (clip) {
        var box = clip.getBoundingClientRect();
        if (one.box.left < box.left - 1 || one.box.right > box.right + 1) fault("cut", one.text, (clip.id || clip.className || clip.tagName) + " at " + Math.round(one.box.left) + "-" + Math.round(one.box.right));
      }
      if (one.text.trim().slice(-1) === "…" && one.parent.closest("svg")) fault("shortened", one.text);
      for (var next = place + 1; next < found.length; next++) {
        var other = found[next];
        if (other.box.top >= one.box.bottom) break;
        if (overlap(one.box, other.box, 0.7)) fault("overlap", one.text, other.text);
      }
    });

    // Marks of a picture keep apart, stay in their picture and can be read.
    page.querySelectorAll("svg.chart").forEach(function (picture) {
      if (!shown(picture)) return;
      var frame = picture.getBoundingClientRect();
      var scale = frame.width / picture.viewBox.baseVal.width;
      var texts = Array.prototype.slice.call(picture.querySelectorAll("text"));
      var boxes = texts.map(function (text) { return letters(text.getBoundingClientRect()); });
      var cells = Array.prototype.slice.call(picture.querySelectorAll(".cell > rect"));
      texts.forEach(function (text, place) {
        var box = boxes[place], cell = text.closest(".cell");
        if (!within(box, frame, 1)) fault("leaves its picture", text.textContent, picture.className.baseVal);
        if (parseFloat(view.getComputedStyle(text).fontSize) * scale < SMALLEST) fault("too small", text.textContent);
        if (cell && !within(box, cell.querySelector("rect").getBoundingClientRect(), -1.5 * scale)) fault("leaves its cell", text.textContent);
        cells.forEach(function (rect) {
          if (rect.parentElement !== cell && overlap(box, rect.getBoundingClientRect(), 0.5)) fault("on another cell", text.textContent);
        });
        if (!text.classList.contains("over")) {
          picture.querySelectorAll("rect.bar").forEach(function (bar) {
            if (overlap(box, bar.getBoundingClientRect(), 0.7)) fault("on a bar", text.textContent);
          });
        }
        boxes.forEach(function (other, next) {
          if (next <= place) return;
          var near = { left: box.left - APART, right: box.right + APART, top: box.top, bottom: box.bottom };
          if (overlap(near, other, 0.7)) fault("runs into", text.textContent, texts[next].textContent);
        });
      });
    });

    // Cells of a table hold their text, and rows their cells.
    page.querySelectorAll("table").forEach(function (table) {
      if (!shown(table)) return;
      if (!table.closest(".scroll") && table.getBoundingClientRect().right > width + 1) fault("table leaves the page", table.id);
      var scroll = table.closest(".scroll");
      if (scroll && width > 1000 && scroll.scrollWidth > scroll.clientWidth + 1) fault("table scrolls on a large screen", table.id);
      table.querySelectorAll("tr").forEach(function (row) {
        var last = null;
        Array.prototype.forEach.call(row.children, function (cell) {
          if (!cell.textContent.trim()) return;
          var range = page.createRange();
          range.selectNodeContents(cell);
          var box = cell.getBoundingClientRect(), text = range.getBoundingClientRect();
          if (text.left < box.left - 1 || text.right > box.right + 1) fault("leaves its cell", cell.textContent);
          if (last && overlap(letters(last.box), letters(text), 0) ||
              last && text.left - last.box.right < APART && text.left > last.box.left && text.top < last.box.bottom) {
            fault("runs into", last.text, cell.textContent);
          }
          last = { box: text, text: cell.textContent };
        });
      });
    });

    // Nothing but a table's own folder scrolls sideways.
    if (page.documentElement.scrollWidth > width) fault("the page is wider", String(page.documentElement.scrollWidth));
    return { name: name, width: width, texts: found.length, faults: faults };
  }

  addEventListener("load", function () {
    var frames = Array.prototype.slice.call(document.querySelectorAll("iframe"));
    var measured = frames.map(function (frame) { return measure(frame, ""); });
    frames.forEach(function (frame) {
      frame.contentDocument.querySelectorAll("details").forEach(function (fold) { fold.open = true; });
      measured.push(measure(frame, ", unfolded"));
    });
    var out = document.createElement("pre");
    out.id = "measured";
    out.textContent = measured.map(function (of) {
      return ["@ " + of.texts + " " + of.width + " " + of.name].concat(of.faults).join("\n");
    }).join("\n");
    frames.forEach(function (frame) { frame.remove(); });
    document.querySelectorAll("script").forEach(function (script) { script.remove(); });
    document.body.appendChild(out);
  });
})();
