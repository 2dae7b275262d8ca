/* What the pages of people and of addresses share: the columns of a block as rows, and values in words. */
const Dossier = (() => {
  const { h, say } = App;
  const two = (n) => String(n).padStart(2, "0");
  const at = (s) => new Date(s * 1000);  // seconds are of local wall time: read as if of UTC
  const date = (s) => `${at(s).getUTCFullYear()}-${two(at(s).getUTCMonth() + 1)}-${two(at(s).getUTCDate())}`;
  const clock = (s, seconds = true) => at(s).toISOString().slice(11, seconds ? 19 : 16);
  const moment = (s) => `${date(s)} ${clock(s)}`;
  const day = (n) => `${Math.floor(n / 10000)}-${two(Math.floor(n / 100) % 100)}-${two(n % 100)}`;
  const weekday = (s) => say("dossier.weekdays").split(" ")[at(s).getUTCDay()];
  const dash = () => say("page.dash");

  /* The rows of some columns: from, to; else those where the column `key` has a value (they lie together). */
  function rows(columns, from, to) {
    const names = Object.keys(columns), out = [];
    for (let place = from; place < to; place++) {
      const row = {};
      for (const name of names) row[name] = columns[name][place];
      out.push(row);
    }
    return out;
  }

  function of(columns, key, value) {
    const held = columns[key];
    const from = held.indexOf(value);
    return from < 0 ? [] : rows(columns, from, held.lastIndexOf(value) + 1);
  }

  /* A table as everywhere in the report; `columns`: heads, those that begin with # hold numbers. */
  function table(caption, kind, columns, lines) {
    const numeric = columns.map((name) => name.startsWith("#"));
    return h("div", { class: "box", role: "region", "aria-label": caption, tabindex: 0 },
      h("table", { class: `t-${kind}` }, h("caption", { class: "unseen" }, caption),
        h("thead", {}, h("tr", {}, columns.map((name, place) =>
          h("th", { scope: "col", class: numeric[place] && "n" }, name.replace(/^#/, ""))))),
        h("tbody", {}, lines.map((cells) => h("tr", {}, cells.map((cell, place) =>
          h(place ? "td" : "th", { scope: !place && "row", class: numeric[place] && "n" }, cell)))))));
  }

  const facts = (pairs) => h("dl", { class: "facts" }, pairs.filter((pair) => pair).map(([name, ...values]) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, values))));

  const badge = (kind, text) => h("span", { class: `badge ${kind}` }, text);
  const verdict = (name) => badge({ not_supported: "not_met", to_verify: "manual", supported: "met" }[name], say(`verdict.${name}`));
  const EFFECTS = ["note", "verify", "refuse"], BADGES = ["info", "manual", "not_met"];

  const source = (block, row) => row.row === null || row.sheet === null ? dash()
    : App.source(null, block.sheets[row.sheet][0], block.sheets[row.sheet][1], row.row);

  /* A rule as `R-18 title (T-五.3)`; of a rule that the report does not list, what the data call it. */
  function rule(block, place, title = true) {
    const [id, no, name, clause] = block.rules[place];
    const link = h("a", { class: "ref", href: App.address("rule", id), title: name }, no);
    if (!title) return link;
    return [link, ` ${name}`, clause && h("span", { class: "place" }, say("page.paren", { text: `T-${clause}` }))];
  }

  function reasons(block, ids) {
    const places = ids.split(",").filter((id) => id).map((id) => [id, block.rules.findIndex((one) => one[0] === id)]);
    if (!places.length) return dash();
    return h("ul", { class: "plain" }, places.map(([id, place]) => h("li", {}, place < 0 ? id : rule(block, place))));
  }

  /* What was found: a line for each rule, and under it the findings that the page holds. */
  function findings(block, about) {
    if (!about.length) return h("p", {}, say("dossier.no_findings"));
    return h("ul", { class: "found" }, about.map((one) => {
      const listed = one.listed.map((place) => rows(block.findings, place, place + 1)[0]);
      const lines = h("ul", { class: "plain" }, listed.map((found) => h("li", {},
        h("span", { class: "key" }, `${block.rules[found.rule][1]}-${String(found.place).padStart(3, "0")}`), " ",
        found.message, " ", h("span", { class: "place" }, source(block, found),
          found.rows > 1 && ` ${say("place.more", { count: App.number(found.rows) })}`))));
      const head = [badge(BADGES[one.grade], say(`effect.${EFFECTS[one.grade]}`)), " ", rule(block, one.rule), " ",
        h("span", { class: "place" }, say(one.total > listed.length ? "dossier.found_capped" : "dossier.found",
          { total: App.number(one.total), shown: App.number(listed.length) }))];
      return h("li", {}, one.grade || !listed.length ? [h("p", {}, head), lines]
        : h("details", {}, h("summary", {}, head), lines));
    }));
  }

  return { date, clock, moment, day, weekday, dash, rows, of, table, facts, badge, verdict, source,
           rule, reasons, findings };
})();
