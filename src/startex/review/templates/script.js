/* Where a figure comes from, beside the figure. Without this script the links lead to the register. */
(function () {
  "use strict";
  var box = document.getElementById("source");
  if (!box || typeof box.showPopover !== "function") return;
  var body = box.querySelector("div"), from = null;
  function put(at) {
    var r = at.getBoundingClientRect(), w = document.documentElement.clientWidth;
    box.showPopover();
    var left = Math.max(12, Math.min(r.left, w - box.offsetWidth - 12));
    var below = r.bottom + 8, above = r.top - box.offsetHeight - 8;
    var fits = below + box.offsetHeight < window.innerHeight || above < 0;
    box.style.left = left + window.scrollX + "px";
    box.style.top = (fits ? below : above) + window.scrollY + "px";
    from = at;
    box.querySelector("button").focus({ preventScroll: true });
  }
  function text(tag, words, kind) {
    var e = document.createElement(tag);
    e.textContent = words;
    if (kind) e.className = kind;
    return e;
  }
  document.addEventListener("click", function (event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    var link = event.target.closest("a.f, .headline a");
    if (link) {
      var entry = document.getElementById(link.hash.slice(1));
      if (!entry) return;
      event.preventDefault();
      var copy = entry.cloneNode(true);
      copy.removeAttribute("id");
      body.replaceChildren(copy);
      put(link);
      return;
    }
    var cell = event.target.closest("td[data-f]");
    if (!cell) return;
    var table = cell.closest("table"), how = document.getElementById(table.dataset.method);
    if (!how) return;
    var column = table.querySelectorAll("thead tr:last-child th")[cell.cellIndex];
    var row = cell.parentNode.querySelector("th");
    var made = document.createElement("div");
    made.className = "entry";
    made.append(
      text("p", cell.textContent.trim() + " · " + (row ? row.textContent.trim() : "") +
        (column ? ", " + column.textContent.trim() : ""), "what"),
      text("p", how.querySelector("p").textContent, "how"));
    body.replaceChildren(made);
    put(cell);
  });
  box.querySelector("button").addEventListener("click", function () { box.hidePopover(); });
  box.addEventListener("toggle", function (event) {
    if (event.newState === "closed" && from) {
      if (from.tagName === "A") from.focus({ preventScroll: true });
      from = null;
    }
  });
  function reveal() {
    var at = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    var fold = at && at.closest("details:not([open])");
    if (fold) { fold.open = true; at.scrollIntoView(); }
  }
  window.addEventListener("hashchange", reveal);
  reveal();
  var shut = [];
  window.addEventListener("beforeprint", function () {
    shut = Array.from(document.querySelectorAll("details:not([open])"));
    shut.forEach(function (d) { d.open = true; });
  });
  window.addEventListener("afterprint", function () {
    shut.forEach(function (d) { d.open = false; });
  });
})();
