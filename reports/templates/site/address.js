"use strict";
// Shows the address of this page, without a place in it, and copies it. Fetches nothing, keeps nothing.
(() => {
  const field = document.getElementById("address");
  const said = document.getElementById("copied");
  field.value = location.href.replace(/#.*$/, "");
  document.getElementById("copy").addEventListener("click", () => {
    field.select();
    // the clipboard's own interface is there on safe addresses only, and a ministry's own server may have none
    if (document.execCommand("copy")) document.body.classList.add("copied");
    said.focus();
  });
  document.body.classList.add("addressed");
})();
