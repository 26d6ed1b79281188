"use strict";
// Narrows the index of this page to the lines that hold every word typed, or one that means the same; where none does,
// to those that come near: a letter more, less or other, two in a long word. Fetches nothing, keeps nothing but the words
// in the address, so that "back" from a chapter finds them again.
(() => {
  const field = document.getElementById("sought");
  const count = document.getElementById("count");
  const digits = document.body.classList.contains("arab") ? "arab" : "latn";
  const number = new Intl.NumberFormat("en", { numberingSystem: digits });

  // One form for letters that keyboards and hands write differently: Arabic and Kurdish ye and kaf, the forms of alef,
  // he and te marbuta, vowel signs, the two sets of eastern digits, capitals.
  const plain = (text) =>
    text
      .normalize("NFKD")
      .toLowerCase()
      .replace(/[\u0300-\u036f\u0610-\u061c\u0640\u064b-\u065f\u0670\u200b-\u200f\u2060-\u2069]/g, "")
      .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
      .replace(/[\u0649\u06cc\u06ce\u06d0]/g, "\u064a")
      .replace(/['\u2019\u2018]/g, "")
      .replace(/\u06a9/g, "\u0643")
      .replace(/[\u0629\u06be\u06c0-\u06c3\u06d5]/g, "\u0647")
      .replace(/[\u0671-\u0673\u0675]/g, "\u0627")
      .replace(/[\u06c6\u06c7\u06cb]/g, "\u0648")
      .replace(/\u0695/g, "\u0631")
      .replace(/\u06b5/g, "\u0644");

  const parts = [...document.querySelectorAll("section.index")].map((section) => {
    const head = plain(section.querySelector("h2").textContent);
    const lines = [...section.querySelectorAll("li")];
    return { section, lines: lines.map((line) => ({ line, text: plain(line.textContent) + " " + head })) };
  });
  const same = document.getElementById("synonyms").textContent.split(/[;؛]/)
    .map((group) => group.split("=").map((term) => plain(term).trim()).filter(Boolean));
  // The Arabic article, with or without "and", does not keep a word from being found.
  const bare = (word) => word.replace(/^\u0648?\u0627\u0644(?=.{3})/, "");
  const meant = (word) => [bare(word), ...same.filter((group) => group.some((term) => bare(term) === bare(word))).flat()];

  // Letters that have to be added, left out or changed to make one word of another; no more than `most` are counted.
  const distance = (one, other, most) => {
    let above = [...other, ""].map((_, at) => at);
    for (let row = 1; row <= one.length; row++) {
      const line = [row];
      for (let at = 1; at <= other.length; at++) {
        const changed = above[at - 1] + (one[row - 1] === other[at - 1] ? 0 : 1);
        line.push(Math.min(changed, above[at] + 1, line[at - 1] + 1));
      }
      if (Math.min(...line) > most) return most + 1;
      above = line;
    }
    return above[other.length];
  };
  const holds = (text, word) => meant(word).some((term) => text.includes(term));
  const isNear = (text, word) => {
    const most = word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
    return holds(text, word) || (most > 0 && text.split(/[^\p{L}\p{N}]+/u).some((one) => distance(word, one, most) <= most));
  };

  const all = parts.reduce((sum, part) => sum + part.lines.length, 0);

  const shown = (words, matches) => {
    let found = 0;
    for (const { section, lines } of parts) {
      let here = 0;
      for (const { line, text } of lines) {
        line.hidden = !words.every((word) => matches(text, word));
        here += line.hidden ? 0 : 1;
      }
      section.hidden = here === 0;
      found += here;
    }
    return found;
  };

  const narrow = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    const exact = shown(words, holds);
    const found = exact || shown(words, isNear);
    document.body.classList.toggle("nearly", exact === 0 && found > 0);
    count.textContent = number.format(found) + " / " + number.format(all);
    document.body.classList.toggle("nothing", found === 0);
  };

  field.addEventListener("input", () => {
    narrow();
    history.replaceState(null, "", "#" + new URLSearchParams({ q: field.value }));
  });
  field.addEventListener("keydown", (event) => {
    const first = event.key === "Enter" && document.querySelector("section.index li:not([hidden]) a");
    if (first) first.focus();
  });
  document.body.classList.add("searching");
  field.value = new URLSearchParams(location.hash.slice(1)).get("q") ?? "";
  narrow();
})();
