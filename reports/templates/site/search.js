"use strict";
// Narrows the index of this page to the lines that hold every word typed, first as the beginning of a word; where none
// does, to those with the rarest of them, or near it: a letter more, less or other, two in a long word. A line that
// has a word of the list of plain words has all that mean the same. Fetches nothing, keeps nothing but the words in the
// address, so that "back" from a chapter finds them again.
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

  // A word begins behind what Arabic joins to it: and, the article, in, like, for. A typed article is left out.
  const JOINED = "(?:\u0648?(?:[\u0628\u0643]?\u0627\u0644|\u0644\u0644|[\u0628\u0643\u0644])?)";
  const bare = (word) => word.replace(/^\u0648?\u0627\u0644(?=.{3})/, "");
  const beginning = (terms) => {
    const escaped = terms.map((term) => term.replace(/[$()*+./?[\\\]^{|}]/g, "\\$&"));
    return new RegExp(`(?:^|[^\\p{L}\\p{N}])${JOINED}(?:${escaped.join("|")})`, "u");
  };

  const plainWords = document.getElementById("synonyms").textContent.split(/[;؛]/)
    .map((group) => group.split("=").map((term) => plain(term).trim()).filter(Boolean))
    .map((terms) => ({ terms, named: beginning(terms) }));
  const withPlainWords = (text) =>
    [text, ...plainWords.filter(({ named }) => named.test(text)).flatMap(({ terms }) => terms)].join(" ");
  const parts = [...document.querySelectorAll("section.index")].map((section) => {
    const head = plain(section.querySelector("h2").textContent);
    const lines = [...section.querySelectorAll("li")];
    const searched = (line) => withPlainWords(plain(line.textContent)) + " " + head;
    return { section, lines: lines.map((line) => ({ line, text: searched(line) })) };
  });

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
  const near = (word) => {
    const most = word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
    return (text) => text.includes(word)
      || (most > 0 && text.split(/[^\p{L}\p{N}]+/u).some((one) => distance(word, one, most) <= most));
  };

  const all = parts.reduce((sum, part) => sum + part.lines.length, 0);

  // Shows the lines that are wanted, and says how many these are.
  const shown = (isWanted) => {
    let found = 0;
    for (const { section, lines } of parts) {
      let here = 0;
      for (const { line, text } of lines) {
        line.hidden = !isWanted(text);
        here += line.hidden ? 0 : 1;
      }
      section.hidden = here === 0;
      found += here;
    }
    return found;
  };
  const withAll = (matches) => shown((text) => matches.every((match) => match(text)));
  // The word that the fewest lines match says what is sought: "who is late" is about "late".
  const nearest = (matches) => {
    const texts = parts.flatMap(({ lines }) => lines.map(({ text }) => text));
    const counted = matches.map((match) => ({ match, lines: texts.filter(match).length })).filter(({ lines }) => lines);
    const rarest = Math.min(...counted.map(({ lines }) => lines));
    return shown((text) => counted.some(({ match, lines }) => lines === rarest && match(text)));
  };

  const narrow = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean).map(bare);
    const begun = words.map((word) => beginning([word])).map((word) => (text) => word.test(text));
    const held = words.map((word, at) => (word.length < 4 ? begun[at] : (text) => text.includes(word)));
    const exact = withAll(begun) || withAll(held);
    const found = exact || nearest(words.map(near));
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
