// What is chosen, and the table of it: what runs down, what runs across, the cells between them.
// Every cell is a released one. Nothing is added up here: a total is a released total, or it is not there.
"use strict";
globalThis.explorerAxes = (cube, say) => {
  const ALL = "all", CATEGORY = "category", PLACE = "place", YEAR = "year";
  const CHOICES = ["subject", "measure", "breakdown", "category", "place", "down", "across", "first", "last"];

  const name = (subject) => `${subject.dataset}.${subject.code}`;
  const breakdownName = (breakdown) => breakdown.dimensions.join(".") || "total";
  const categoryName = (codes) => Object.values(codes).join(".");
  const categoryLabel = (codes) => Object.entries(codes).map(([at, code]) => cube.codes[at][code]).join(" · ");
  const indexIn = (list, wanted, otherwise) => (list.includes(wanted) ? list.indexOf(wanted) : otherwise);

  // ---- axes: places, years, one dimension of the breakdown, or all of its dimensions together ----
  const isDimension = (axis) => ![CATEGORY, PLACE, YEAR].includes(axis);
  const isSame = (one, other) =>
    one === other || (one === CATEGORY && isDimension(other)) || (other === CATEGORY && isDimension(one));
  const isUsual = (down, across, isAll) => across === YEAR && down === (isAll ? PLACE : CATEGORY);
  const axesOf = ({ dimensions }) => [CATEGORY, ...(dimensions.length > 1 ? dimensions : []), PLACE, YEAR];

  function axisLabel(axis, breakdown) {
    if (isDimension(axis)) return cube.dimensions[axis];
    return axis === CATEGORY ? breakdown.label : say(axis);
  }

  // An axis that does not exist, or runs the other way already, falls back to the nearest that is free.
  function direct(asked, breakdown, isAll) {
    const axes = axesOf(breakdown), usual = isAll ? PLACE : CATEGORY;
    const [wanted, other] = [asked.down, asked.across].map((one) => (breakdownName(breakdown) === one ? CATEGORY : one));
    const across = axes.includes(other) ? other : wanted === YEAR ? usual : YEAR;
    const rest = isAll ? [PLACE, YEAR] : [YEAR, PLACE];
    const down = [wanted, usual, ...axes.filter(isDimension), ...rest]
      .find((one) => axes.includes(one) && !isSame(one, across));
    return { down, across };
  }

  // The codes that a breakdown has for some of its dimensions, each combination once, in order of print.
  function combinations(breakdown, measure, dimensions) {
    const found = new Map();
    for (const [at, , codes] of breakdown.rows) {
      const chosen = Object.fromEntries(dimensions.map((one) => [one, codes[breakdown.dimensions.indexOf(one)]]));
      if (at === measure && dimensions.length) found.set(categoryName(chosen), chosen);
    }
    return [...found.values()];
  }

  const isReleased = (subject, measure, dimensions) => subject.breakdowns.some((one) =>
    one.dimensions.length === dimensions.length && one.dimensions.every((each) => dimensions.includes(each))
    && one.rows.some((row) => row[0] === measure));

  function chosen() {
    const asked = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    const subject = cube.subjects.find((one) => name(one) === asked.subject)
      || cube.subjects.find((one) => one.code === "PRT-01") || cube.subjects[0];
    const measure = indexIn(subject.measures.map((one) => one.code), asked.measure, subject.chief);
    const known = subject.breakdowns.filter((one) => one.rows.some((row) => row[0] === measure));
    const breakdown = known.find((one) => breakdownName(one) === asked.breakdown) || known[0];
    const places = [...subject.places.keys()].filter((at) => breakdown.rows.some((r) => r[0] === measure && r[1] === at));
    const place = subject.places.indexOf(asked.place);
    const axes = direct(asked, breakdown, asked.place === ALL || (subject.isMap && !places.includes(place)));
    const running = [axes.down, axes.across], isAll = running.includes(PLACE);
    const hasCategories = running.includes(CATEGORY);
    const fixed = breakdown.dimensions.filter((one) => !running.includes(one));
    const categories = combinations(breakdown, measure, fixed);
    const isWhole = hasCategories || isReleased(subject, measure, running.filter(isDimension));
    const last = indexIn(cube.years, asked.last, cube.years.length - 1);
    const first = indexIn(cube.years, asked.first, Math.min(subject.first, last));
    const runsYears = running.includes(YEAR);
    return {
      ...axes, subject, measure, known, breakdown, places, isAll, categories, hasCategories, isWhole, runsYears,
      category: categories.find((one) => categoryName(one) === asked.category) || (isWhole ? undefined : categories[0]),
      place: isAll ? ALL : places.includes(place) ? place : places[0],
      first: Math.min(first, last), last: Math.max(first, last),
    };
  }

  function address(state) {
    const told = {
      subject: name(state.subject),
      measure: state.subject.measures[state.measure].code,
      breakdown: breakdownName(state.breakdown),
      category: state.category ? categoryName(state.category) : ALL,
      place: state.isAll ? ALL : state.subject.places[state.place],
      first: cube.years[state.first],
      last: cube.years[state.last],
    };
    const { down, across } = state;
    return isUsual(down, across, state.isAll) ? told : { ...told, down, across };
  }

  // What a reader has just chosen wins over what stood there: what ran that way turns the other way, or stops.
  function turned(id, told, before) {
    const { down, across, ...asked } = told;
    const axes = { down, across };
    if (id === "down" || id === "across") {
      const other = id === "down" ? "across" : "down";
      if (axes[other] === axes[id]) axes[other] = before[id];
      if (isSame(down, axes[other])) delete axes[other];
    }
    const isAll = asked.place === ALL, runsPlaces = Object.values(axes).includes(PLACE);
    if (id === "place" && isAll && !runsPlaces) delete axes.down;
    if (id === "place" && !isAll && runsPlaces) delete axes[down === PLACE ? "down" : "across"];
    return isUsual(axes.down, axes.across, isAll) ? asked : { ...asked, ...axes };
  }

  // ---- the figures ----
  const opened = (found) =>
    Array.isArray(found) ? { value: found[0], mark: found[1] }
      : typeof found === "number" ? { value: found, mark: "" } : { value: null, mark: found };

  function cell({ subject, measure }, { place, year, codes }) {
    const known = subject.breakdowns.find(({ dimensions }) =>
      dimensions.length === Object.keys(codes).length && dimensions.every((one) => one in codes));
    const row = known && known.rows.find(([at, where, found]) =>
      at === measure && where === place && found.every((code, number) => code === codes[known.dimensions[number]]));
    const cells = row ? row[3] : "n";
    return { ...opened(typeof cells === "string" ? cells : cells[year]), place: subject.places[place], year, codes };
  }

  // What stands along an axis: for each entry what it settles of a cell, and its label.
  function entries(axis, state) {
    const { subject, breakdown, measure } = state;
    if (axis === PLACE) {
      return state.places.map((place) => {
        const code = subject.places[place];
        return { place, label: cube.places[code], isTotal: subject.isMap && !code.startsWith("IQG") };
      });
    }
    if (axis === YEAR) {
      return cube.years.map((_, year) => ({ year, label: cube.yearLabels[year] })).slice(state.first, state.last + 1);
    }
    const whole = { codes: {}, label: say("total"), isTotal: true };
    if (axis === CATEGORY && !breakdown.dimensions.length) {
      return [state.isAll ? { ...whole, isTotal: false } : { codes: {}, label: cube.places[subject.places[state.place]] }];
    }
    const all = combinations(breakdown, measure, axis === CATEGORY ? breakdown.dimensions : [axis]);
    const parts = axis === CATEGORY && state.category ? [state.category] : all;
    const told = parts.map((codes) => ({ codes, label: categoryLabel(codes) }));
    return axis === CATEGORY && state.category ? told : [...told, whole];
  }

  // Rows with their cells, and columns. A total that was not released has no line, as long as something else has one.
  function grid(state) {
    const fixed = { place: state.place, year: state.last, codes: state.hasCategories ? {} : state.category || {} };
    const between = (down, across) => cell(state, {
      ...fixed, ...down, ...across, codes: { ...fixed.codes, ...down.codes, ...across.codes },
    });
    const across = entries(state.across, state);
    const rows = entries(state.down, state).map((down) => ({ ...down, cells: across.map((one) => between(down, one)) }));
    const isKnown = (cells) => cells.some((one) => one.mark !== "n");
    const kept = across.map((one, at) => !one.codes || !one.isTotal || isKnown(rows.map(({ cells }) => cells[at])));
    const only = (list) => list.filter((_, at) => kept[at]);
    const found = rows.map((row) => ({ ...row, cells: only(row.cells) }));
    return {
      columns: only(across),
      rows: found.filter((row, _, { length }) => length === 1 || !row.codes || !row.isTotal || isKnown(row.cells)),
    };
  }

  // The same cells, with what ran across running down.
  const across = ({ rows, columns }) => ({
    rows: columns.map((column, at) => ({ ...column, cells: rows.map(({ cells }) => cells[at]) })), columns: rows,
  });

  function csv(state, { rows, columns }) {
    const { subject, breakdown: { dimensions } } = state, measure = subject.measures[state.measure];
    const lines = [["report", "dataset", "indicator", "measure", "unit", "area", "year", ...dimensions, "label", "value", "mark"]];
    for (const row of rows) {
      row.cells.forEach((one, at) => lines.push([
        cube.report, subject.dataset, subject.code, measure.code, measure.isShare ? "percent" : "", one.place,
        cube.years[one.year], ...dimensions.map((each) => one.codes[each] || "_T"),
        state.across === YEAR ? row.label : `${row.label} · ${columns[at].label}`,
        one.value === null ? "" : one.value.toFixed(measure.decimals), one.mark,
      ]));
    }
    // As in languages/spreadsheet_text.py: no text is run as a formula, and a number keeps its sign.
    const isFormula = (text) =>
      /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text);
    const neutral = (text) => (isFormula(text) ? `'${text}` : text);
    const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
    const written = (line) => line.map((text) => quoted(neutral(String(text)))).join(",");
    return "\ufeff" + lines.map(written).join("\r\n") + "\r\n";
  }

  return {
    ALL, CHOICES, address, across, axesOf, axisLabel, breakdownName, categoryLabel, categoryName, chosen, csv, grid, name,
    turned,
  };
};
