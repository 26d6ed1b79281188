// The explorer: what is chosen stands in the address, and the address alone decides what is seen.
"use strict";
(() => {
  const cube = JSON.parse(document.getElementById("cube").textContent);
  const isRtl = cube.direction === "rtl";
  const byId = (id) => document.getElementById(id);
  const HATCH = "#cfcfce";
  const INK = "#1f2933";
  const fontsLoaded = document.fonts.load('13px "IBM Plex Sans Arabic"', "A ا");
  let drawn = 0;

  // ---- words ----
  const say = (key, given = {}) => cube.labels[key].replace(/\{(\w+)\}/g, (whole, name) => given[name] ?? whole);
  const digits = (text) => (cube.numerals === "arab" ? text.replace(/[0-9]/g, (d) => "٠١٢٣٤٥٦٧٨٩"[d]) : text);
  const isolated = (text) => (isRtl && text ? `\u2067${text}\u2069` : text);

  function written(value, measure) {
    const parts = Math.abs(value).toFixed(measure.decimals).split(".");
    parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, cube.locale.thousands);
    const minus = value < 0 ? (cube.numerals === "arab" ? "\u061c" : "") + "−" : "";
    return minus + digits(parts.join(cube.locale.decimal)) + (measure.isShare ? cube.locale.percent : "");
  }

  function printed(cell, measure) {
    const figure = cell.value === null ? "" : written(cell.value, measure);
    return [figure, cube.signs[cell.mark]].filter(Boolean).join(" ");
  }

  const element = (tag, text, given = {}) => Object.assign(document.createElement(tag), { textContent: text, ...given });

  // ---- what is chosen, and the figures ----
  const axes = globalThis.explorerAxes(cube, say);
  const { ALL, CHOICES, address, categoryLabel, categoryName, chosen, grid, name } = axes;
  const period = (state, list) => list.slice(state.first, state.last + 1);

  function heading(state) {
    const { subject, measure } = state;
    const first = cube.yearLabels[state.runsYears ? state.first : state.last], last = cube.yearLabels[state.last];
    const told = {
      title: subject.title,
      measure: subject.measures[measure].label,
      place: state.isAll ? say("place_all") : cube.places[subject.places[state.place]],
      period: first === last ? first : say("period", { first, last }),
    };
    if (!state.category) return say("heading", told);
    return say("heading_category", { ...told, category: categoryLabel(state.category) });
  }

  function status(shown) {
    const cells = shown.flatMap((row) => row.cells);
    const count = (mark) => cells.filter((one) => one.value === null && one.mark === mark).length;
    const told = (number) => digits(String(number));
    const parts = [say("status", { shown: told(cells.length) })];
    for (const [mark, key] of [["c", "status_hidden"], ["x", "status_missing"], ["low", "status_low"], ["n", "status_none"]]) {
      if (count(mark)) parts.push(say(key, { count: told(count(mark)), mark: isolated(cube.signs[mark]) }));
    }
    if (cells.every((one) => one.value === null && !["c", "low"].includes(one.mark))) parts.push(say("status_nothing"));
    return parts.join(" ");
  }

  // ---- drawing: the specifications of the report, filled ----
  function filled(part, values) {
    if (typeof part === "string") return part.startsWith("$") ? values[part.slice(1)] : part;
    if (Array.isArray(part)) return part.map((below) => filled(below, values));
    if (part === null || typeof part !== "object") return part;
    return Object.fromEntries(Object.entries(part).map(([key, below]) => [key, filled(below, values)]));
  }

  function scale(cells, measure) {
    const seen = cells.filter((one) => one.value !== null).map((one) => one.value / (measure.isShare ? 100 : 1));
    const most = Math.max(0, ...seen), isFine = measure.isShare || measure.decimals > 0;
    const whole = measure.isShare ? (most && most < 0.05 ? ",.1%" : ",.0%") : ",.0f";
    const fine = most && most < 0.5 ? ",.2f" : ",.1f"; // no two numbers of a scale look alike
    return {
      bottom: Math.min(0, ...seen) * 1.15,
      top: isFine ? most * 1.15 || 1 : Math.max(10, most * 1.15),
      format: measure.isShare || !isFine || most >= 10 ? whole : fine,
    };
  }

  function lineValues(row, state, size, all) {
    const { subject } = state, measure = subject.measures[state.measure];
    const unit = measure.isShare ? 100 : 1;
    const years = period(state, cube.yearLabels), codes = period(state, cube.years);
    const broken = new Set(subject.broken[row.cells[0].place] || []);
    let segment = 0;
    const points = row.cells.map((one, at) => {
      const isDrawn = one.value !== null;
      segment += !isDrawn || broken.has(codes[at]) ? 1 : 0;
      return {
        series: 0, year: years[at], value: isDrawn ? one.value / unit : null, segment, floor: 0,
        mark: isDrawn || !one.mark ? "" : cube.signs[one.mark], upwards: size.width < years.length * 36,
      };
    });
    const isCrowded = size.width < years.length * 40;
    const isRoomy = size.width >= years.length * 48;
    return {
      ...size, ...scale(all, measure), years, rows: points,
      labelled: isCrowded ? years.filter((_, at) => (years.length - 1 - at) % 2 === 0) : years,
      withheld: points.filter((_, at) => row.cells[at].mark === "c").map(({ year }) => ({ year })),
      breaks: years.filter((_, at) => at && broken.has(codes[at])).map((year) => ({ year })),
      figures: isRoomy ? points.flatMap((one, at) => (one.value === null ? []
        : [{ year: one.year, value: one.value, text: isolated(printed(row.cells[at], measure)) }])) : [],
    };
  }

  // A bar for each name; all drawings of a table have one scale.
  function barValues(names, cells, state, all, width) {
    const measure = state.subject.measures[state.measure];
    const named = cells.map((cell, at) => ({ name: isolated(names[at].label), cell }));
    const value = (one) => (one.value === null ? null : one.value / (measure.isShare ? 100 : 1));
    const limits = scale(all, measure);
    return {
      width, height: named.length * 30, ...limits, top: limits.top * 1.1,
      names: named.map((one) => one.name),
      rows: named.map((one) => ({
        name: one.name, value: value(one.cell), end: value(one.cell) ?? 0, text: isolated(printed(one.cell, measure)),
      })),
      withheld: named.filter((one) => one.cell.mark === "c").map((one) => ({ name: one.name })),
    };
  }

  function painted(one, measure) {
    if (one.mark === "c") return { fill: HATCH, ink: INK };
    if (one.value === null) return one.mark === "low" && measure.levels.length ? measure.levels[0] : { fill: "#ffffff", ink: INK };
    return measure.levels.filter((level) => level.least <= one.value).pop() || measure.levels[0] || { fill: "#ffffff", ink: INK };
  }

  function tileValues(shown, state, width) {
    const measure = state.subject.measures[state.measure];
    const layout = cube.layouts.find((one) => one.width <= width) || cube.layouts[cube.layouts.length - 1];
    const bars = [], words = [];
    for (const spot of layout.spots) {
      const row = shown.find((one) => one.cells[0].place === spot.code);
      const last = row ? row.cells[row.cells.length - 1] : { value: null, mark: "n" };
      const { fill, ink } = painted(last, measure);
      const text = (last.mark === "low" && measure.levels.length && measure.levels[0].few) || printed(last, measure);
      bars.push({ ...spot.bar, fill });
      words.push(...[...spot.lines, { ...spot.figure, text: isolated(text) }].map((line) => ({ ...line, fill: ink })));
    }
    return { width: layout.width, height: layout.height, bars, words };
  }

  async function draw(target, specification, values, label) {
    const figure = element("figure", ""), box = element("div", "");
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", say("alternative", { title: label }));
    figure.append(box);
    target.append(figure);
    const told = filled(cube.specifications[specification], values);
    await vegaEmbed(box, told, {
      mode: "vega-lite", ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: false, hover: false,
      formatLocale: cube.locale,
    });
    for (const part of box.querySelectorAll("svg, svg *")) {
      for (const attribute of ["role", "aria-label", "aria-hidden", "aria-roledescription"]) part.removeAttribute(attribute);
      if (part.tagName === "text" && part.hasAttribute("stroke")) part.setAttribute("paint-order", "stroke");
      if (part.getAttribute("fill") === HATCH) part.setAttribute("fill", "url(#hatch)");
    }
    return figure;
  }

  // What is drawn of a table: a line runs over years; without years the shorter way gives the drawings, the longer the bars.
  function pictured(state, table) {
    const parts = (list) => (list.every((one) => one.isTotal) ? list : list.filter((one) => !one.isTotal));
    if (!state.runsYears) {
      const whole = table.rows.length > table.columns.length ? axes.across(table) : table;
      const columns = parts(whole.columns);
      const rows = parts(whole.rows).map((row) => ({ ...row, cells: row.cells.filter((_, at) => columns.includes(whole.columns[at])) }));
      return { kind: "bars", rows, columns };
    }
    const { rows } = state.down === "year" ? axes.across(table) : table, shown = state.isAll ? rows : parts(rows);
    if (state.isAll && state.subject.isMap) return { kind: "map", rows: shown };
    if (state.first < state.last) return { kind: "lines", rows: shown };
    return { kind: "bars", rows: [{ label: "", cells: shown.map((row) => row.cells[0]) }], columns: shown };
  }

  async function drawAll(state, shown, turn) {
    const { kind, rows, columns } = pictured(state, shown);
    const box = byId("drawing"), measure = state.subject.measures[state.measure];
    await fontsLoaded; // Vega measures labels by the letters of the font
    const target = document.createDocumentFragment(), room = box.clientWidth, title = heading(state);
    const cells = rows.flatMap((row) => row.cells), isOne = rows.length === 1, isWide = isOne || room < 480;
    byId("drawing-title").textContent = kind === "map" ? say("map", { year: cube.yearLabels[state.last] }) : say("chart");
    if (kind === "map") await draw(target, "tiles", tileValues(rows, state, room), title);
    for (const row of kind === "map" ? [] : rows) {
      const values = kind === "bars"
        ? barValues(columns, row.cells, state, cells, Math.max(110, Math.min(420, (isWide ? room : room / 2) - 220)))
        : lineValues(row, state, {
          width: isWide ? Math.max(200, room - 70) : Math.min(240, room / 2 - 75), height: isOne ? 280 : 120, ticks: isOne ? 5 : 3,
        }, cells);
      const figure = await draw(target, kind === "bars" ? "bars" : "line", values, isOne ? title : `${title}: ${row.label}`);
      if (!isOne) figure.prepend(element("figcaption", row.label));
      if (turn !== drawn) return;
    }
    if (turn !== drawn) return;
    box.replaceChildren(target);
    box.dataset.ready = turn;
    byId("map-notes").hidden = kind !== "map";
    const withheld = { label: `${cube.signs.c} ${cube.marks.c}`, fill: "url(#hatch)" };
    const isHatched = rows.some((row) => row.cells.some((one) => one.mark === "c"));
    key([...(kind === "map" ? measure.levels : []), ...(isHatched ? [withheld] : [])]);
  }

  function key(levels) {
    byId("key").replaceChildren(...levels.map((level) => {
      const item = element("li", ""), sample = byId("sample").cloneNode(true);
      sample.removeAttribute("id");
      sample.removeAttribute("class");
      sample.firstElementChild.setAttribute("fill", level.fill);
      item.append(sample, level.label);
      return item;
    }));
  }

  // ---- table ----
  function table(state, { rows, columns }) {
    const measure = state.subject.measures[state.measure];
    const head = element("thead", ""), body = element("tbody", ""), top = element("tr", "");
    const isOnePlace = state.down === "category" && !state.breakdown.dimensions.length;
    const corner = isOnePlace ? say("place") : axes.axisLabel(state.down, state.breakdown);
    const both = { down: corner, across: axes.axisLabel(state.across, state.breakdown) };
    top.append(element("th", state.across === "year" ? corner : say("corner", both), { scope: "col" }));
    top.append(...columns.map((one) => element("th", one.label, { scope: "col" })));
    head.append(top);
    for (const row of rows) {
      const line = element("tr", "", { className: row.isTotal ? "total" : "" });
      line.append(element("th", row.label, { scope: "row" }));
      row.cells.forEach((one, at) => {
        const className = [one.value === null ? one.mark : "", columns[at].isTotal ? "total" : ""].join(" ").trim();
        line.append(element("td", isolated(printed(one, measure)), { className }));
      });
      body.append(line);
    }
    byId("table").replaceChildren(head, body);
    const marks = new Set(rows.flatMap((row) => row.cells.map((one) => one.mark)));
    byId("marks").replaceChildren(...Object.keys(cube.marks).filter((mark) => marks.has(mark)).map((mark) => {
      const entry = element("div", "");
      entry.append(element("dt", cube.signs[mark]), element("dd", cube.marks[mark]));
      return entry;
    }));
  }

  // A trend is told of a total in one place, whatever years are shown: it names its own.
  function trend(state) {
    const isTotal = !state.isAll && !state.breakdown.dimensions.length;
    const told = state.subject.trends.find(([measure, place]) => isTotal && measure === state.measure && place === state.place);
    byId("trend").textContent = told ? told[2] : "";
  }

  // ---- the choices ----
  function options(id, entries, value, isOff = false) {
    const select = byId(id);
    select.replaceChildren(...entries.map(([code, label]) => new Option(label, code)));
    select.value = value;
    select.disabled = isOff;
  }

  function subjects(current) {
    const wanted = byId("filter").value.trim().toLocaleLowerCase();
    const isWanted = (one) => !wanted || `${one.code} ${one.title}`.toLocaleLowerCase().includes(wanted);
    const groups = Object.entries(cube.datasets).map(([dataset, label]) => {
      const group = Object.assign(document.createElement("optgroup"), { label });
      const found = cube.subjects.filter((one) => one.dataset === dataset && (one === current || isWanted(one)));
      group.append(...found.map((one) => new Option(`${one.title} (${one.code})`, name(one))));
      return group;
    });
    byId("subject").replaceChildren(...groups.filter((group) => group.children.length));
    byId("subject").value = name(current);
    byId("nothing").textContent = cube.subjects.some(isWanted) ? "" : say("nothing");
  }

  function controls(state) {
    const { subject } = state, told = address(state);
    subjects(subject);
    options("measure", subject.measures.map((one) => [one.code, one.label]), told.measure, subject.measures.length < 2);
    options("breakdown", state.known.map((one) => [axes.breakdownName(one), one.label]), told.breakdown, state.known.length < 2);
    const whole = [ALL, say(state.hasCategories ? "category_all" : "total")];
    const categories = state.categories.map((codes) => [categoryName(codes), categoryLabel(codes)]);
    options("category", state.isWhole ? [whole, ...categories] : categories, told.category, !categories.length);
    const places = state.places.map((at) => [subject.places[at], cube.places[subject.places[at]]]);
    options("place", [[ALL, say("place_all")], ...places], told.place);
    const ways = axes.axesOf(state.breakdown).map((axis) => [axis, axes.axisLabel(axis, state.breakdown)]);
    options("down", ways, state.down);
    options("across", ways, state.across);
    const years = cube.years.map((year, at) => [year, cube.yearLabels[at]]);
    options("first", years, told.first, !state.runsYears);
    options("last", years, told.last);
  }

  // A map, and a table without years, is of one year: the last that is chosen. The slider goes through the years.
  function slide(state) {
    const slider = byId("slider");
    byId("sliding").hidden = state.runsYears && !(state.isAll && state.subject.isMap);
    slider.max = cube.years.length - 1;
    slider.value = state.last;
    slider.setAttribute("aria-valuetext", cube.yearLabels[state.last]);
    byId("slid").textContent = cube.yearLabels[state.last];
  }

  function show() {
    const state = chosen(), shown = grid(state), turn = ++drawn;
    document.body.dataset.turn = turn;
    controls(state);
    byId("heading").textContent = heading(state);
    byId("page").href = `${state.subject.code}.html`;
    slide(state);
    byId("about").textContent = `${state.subject.definition} ${state.subject.unit}`;
    byId("status").textContent = status(shown.rows);
    byId("notes").replaceChildren(...state.subject.notes.map((note) => element("li", note)));
    byId("notes-title").hidden = !state.subject.notes.length;
    table(state, shown);
    trend(state);
    for (const link of document.querySelectorAll(".languages a")) link.hash = new URLSearchParams(address(state)).toString();
    drawAll(state, shown, turn);
  }

  for (const id of CHOICES) {
    byId(id).addEventListener("change", () => {
      const told = Object.fromEntries(CHOICES.map((one) => [one, byId(one).value]));
      location.hash = new URLSearchParams(axes.turned(id, told, chosen())).toString();
    });
  }
  byId("slider").addEventListener("input", (event) => {
    const year = cube.years[event.target.value];
    if (byId("first").value > year) byId("first").value = year;
    byId("last").value = year;
    byId("last").dispatchEvent(new Event("change"));
  });
  byId("filter").addEventListener("input", () => subjects(chosen().subject));
  byId("choices").addEventListener("submit", (event) => event.preventDefault());
  byId("csv").addEventListener("click", () => {
    const state = chosen(), link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([axes.csv(state, grid(state))], { type: "text/csv" }));
    link.download = `${state.subject.code}-${state.subject.measures[state.measure].code}.csv`.toLowerCase();
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  window.addEventListener("hashchange", show);
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth !== width) {
      width = window.innerWidth;
      show();
    }
  });
  byId("needs-script").remove();
  show();
})();
