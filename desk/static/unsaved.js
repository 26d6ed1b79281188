"use strict";
// Asks before a page is left on which something is typed, marked or chosen that no button has sent. Fetches nothing.
(() => {
  let sent = null;
  const isChanged = (field) => {
    if (field.type === "file") return field.files.length > 0;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return !field.readOnly && field.value !== field.defaultValue;
  };
  const isUnsaved = (form) => {
    if (form === sent || form.method === "get") return false;
    const fields = [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "submit");
    if (form.id === "typed" && "unsaved" in document.body.dataset && fields.length > 0) return true;
    return fields.some(isChanged);
  };
  addEventListener("submit", (event) => {
    const target = event.submitter?.getAttribute("formtarget");
    if (!target || target === "_self") sent = event.target;
  });
  addEventListener("beforeunload", (event) => {
    if ([...document.forms].some(isUnsaved)) event.preventDefault();
  });
})();
