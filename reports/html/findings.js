"use strict";
/* The findings: the list, a finding with the rows it rests on, and a row of a file. */
{
  const { h, say } = App;
  const EFFECTS = ["refuse", "verify", "note"], CLASSES = ["breach", "lead", "data"];
  const VERDICTS = ["not_supported", "to_verify", "supported"];
  let opened;

  /* Everything that pages about findings need, decoded once. */
  App.findings = () => (opened ??= open());

  async function open() {
    const [report, held] = [await App.data("report"), await App.data("findings")];
    const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
    if (!held) return { report, rules, rows: 0 };
    const of = (name) => {
      const { words, at } = held[name];
      return (i) => (at[i] < 0 ? null : words[at[i]]);
    };
    const begins = new Uint32Array(held.listed + 1);
    held.evidence.count.forEach((count, i) => { begins[i + 1] = begins[i] + count; });
    const summed = (steps) => { let sum = 0; return Int32Array.from(steps, (step) => (sum += step)); };
    const found = {
      report, rules, rows: held.listed, total: held.total, held, begins,
      source: summed(held.evidence.source), row: summed(held.evidence.row), rule: of("rule"), effect: of("effect"),
      verdict: of("verdict"), person: of("person_id"), employer: of("employer"), waived: of("waived_by"),
    };
    found.ruleOf = (i) => rules.get(found.rule(i));
    found.no = (i) => `${found.ruleOf(i).no}-${String(held.place[i]).padStart(3, "0")}`;
    return found;
  }

  /* Of a repeated text, by number: where it stands among the others. */
  function ranked({ words, at }) {
    const compare = new Intl.Collator(App.words.page.lang).compare, rank = new Int32Array(words.length);
    words.map((_, i) => i).sort((a, b) => compare(words[a], words[b])).forEach((i, place) => { rank[i] = place; });
    return (i) => (at[i] < 0 ? null : rank[at[i]]);
  }
  App.ranked = ranked;

  /* Keeps the rows whose repeated text is the one chosen, or holds what is typed. */
  const same = ({ words, at }) => (value) => {
    const wanted = words.indexOf(value);
    return (i) => at[i] === wanted;
  };
  const holds = ({ words, at }) => (value) => {
    const small = value.toLowerCase(), kept = words.map((word) => word.toLowerCase().includes(small));
    return (i) => at[i] >= 0 && kept[at[i]];
  };
  Object.assign(App, { same, holds });

  App.place = function place(report, source, row) {
    const held = report.sources[source - 1];
    if (!held) return say("place.none");
    return h("a", { href: App.address("row", source, row) }, App.source(held.table, held.file, held.sheet, row));
  };

  const said = (found) => ({ total: App.number(found.total), listed: App.number(found.rows) });
  const limited = (found) => say(found.total > found.rows ? "explore.findings_cut" : "explore.findings_whole", said(found));

  /* The list, of one rule or of all. */
  App.findingList = function findingList(found, rule) {
    const { held } = found, sheet = (i) => found.report.sources[held.source[i] - 1];
    const order = rule ? Array.from({ length: found.rows }, (_, i) => i).filter((i) => found.rule(i) === rule.id) : null;
    const unit = (i) => App.units[found.rule(i)];
    const options = (names, section) => names.map((name) => [name, say(`${section}.${name}`)]);
    const used = held.rule.words.map((id) => found.rules.get(id)).sort((a, b) => (a.no < b.no ? -1 : 1));
    const employers = [...held.employer.words].sort(new Intl.Collator(App.words.page.lang).compare);
    const title = rule ? `${rule.no} ${rule.title}` : say("explore.findings");
    return App.list({
      caption: title, rows: order ? order.length : found.rows, order, style: "t-findings",
      file: `${rule ? rule.no : "findings"}.csv`,
      about: (count) => say("explore.count", { count: App.number(count) }) + (rule
        ? say("explore.count_rule", { listed: App.number(order.length), total: App.number(rule.findings) })
        : limited(found)),
      search: (i) => [found.no(i), found.ruleOf(i).title, found.rule(i), held.subject[i], held.message[i], found.person(i),
        found.employer(i), held.fingerprint[i], sheet(i)?.file, sheet(i)?.sheet].join("\n").toLowerCase(),
      columns: [
        { key: "no", head: say("page.index"), style: "key", value: found.no, rank: (i) => i,
          cell: (i) => h("a", { href: App.address("finding", found.no(i)) }, found.no(i)) },
        ...(rule ? [] : [{ key: "rule", head: say("finding.rule"), style: "wide", value: (i) => found.ruleOf(i).title,
          cell: (i) => h("a", { href: App.address("rule", found.rule(i)) }, found.ruleOf(i).title) }]),
        { key: "effect", head: say("finding.outcome"), style: "nb", value: (i) => say(`effect.${found.effect(i)}`),
          rank: (i) => EFFECTS.indexOf(found.effect(i)) },
        { key: "person", head: say("claims.person"), style: "nb", value: found.person, rank: ranked(held.person_id),
          cell: (i) => found.person(i) && App.link("person", found.person(i), found.person(i)) },
        { key: "verdict", head: say("explore.verdict"), style: "nb", rank: (i) => VERDICTS.indexOf(found.verdict(i)),
          value: (i) => found.verdict(i) && say(`verdict.${found.verdict(i)}`) },
        { key: "employer", head: say("finding.employer"), style: "wide", value: found.employer, rank: ranked(held.employer) },
        { key: "message", head: say("finding.message"), style: "wide", value: (i) => held.message[i] },
        { key: "measured", head: say("explore.measured"), numeric: true, value: (i) => measured(held.measured[i], unit(i)),
          cell: (i) => App.amount(held.measured[i], unit(i)) },
        { key: "limit", head: say("finding.limit"), numeric: true, value: (i) => measured(held.limit[i], unit(i)),
          cell: (i) => App.amount(held.limit[i], unit(i)) },
        { key: "place", head: say("finding.evidence"), style: "place", rank: (i) => held.source[i] * 2 ** 32 + held.row[i],
          value: (i) => sheet(i)?.file ?? null, cell: (i) => App.place(found.report, held.source[i], held.row[i]) },
        { key: "sheet", head: say("data.sheet"), exported: true, value: (i) => sheet(i)?.sheet ?? null },
        { key: "row", head: say("explore.row"), exported: true, value: (i) => held.row[i] },
        { key: "rows", head: say("explore.rows"), exported: true, value: (i) => held.rows[i] },
        { key: "unit", head: say("explore.unit"), exported: true, value: (i) => spoken(unit(i)) },
        { key: "class", head: say("finding.class"), exported: true, value: (i) => say(`class.${found.ruleOf(i).class}`) },
        { key: "clause", head: say("finding.clause"), exported: true, value: (i) => found.ruleOf(i).clause },
        { key: "fingerprint", head: say("explore.fingerprint"), exported: true, value: (i) => held.fingerprint[i] },
      ],
      filters: [
        ...(rule ? [] : [
          { key: "rule", label: say("finding.rule"), keeps: same(held.rule), options: used.map((one) => [one.id, `${one.no} ${one.title}`]) },
          { key: "class", label: say("finding.class"), options: options(CLASSES, "class"),
            keeps: (value) => (i) => found.ruleOf(i).class === value },
        ]),
        { key: "effect", label: say("finding.outcome"), options: options(EFFECTS, "effect"), keeps: same(held.effect) },
        { key: "verdict", label: say("explore.verdict"), options: options(VERDICTS, "verdict"), keeps: same(held.verdict) },
        { key: "employer", label: say("finding.employer"), options: employers.map((name) => [name, name]),
          keeps: (employers.length <= 500 ? same : holds)(held.employer) },
      ],
    });
  };

  const measured = (value, unit) => (unit === "fen" && value !== null ? value / 100 : value);
  const spoken = (unit) => ({ s: say("explore.unit_s"), fen: say("explore.unit_fen"), score: say("explore.unit_score"),
    count: say("explore.unit_count") })[unit] ?? (unit ? say(`measure.${unit}`) : null);

  App.route("findings", async (container) => {
    container.append(App.page(say("explore.findings"), App.findingList(await App.findings())));
  });

  App.route("finding/:no", async (container, no) => {
    const found = await App.findings(), { held } = found;
    const at = no.lastIndexOf("-"), rule = found.report.rules.find((one) => one.no === no.slice(0, at));
    const place = Number(no.slice(at + 1));
    let i = 0;
    while (i < found.rows && !(held.place[i] === place && found.rule(i) === rule?.id)) i++;
    if (i >= found.rows) {
      container.append(App.page(no, h("p", {}, say("explore.not_found_text"))));
      return;
    }
    const unit = App.units[rule.id], facts = [
      [say("finding.rule"), h("a", { href: App.address("rule", rule.id) }, `${rule.no} ${rule.title}`)],
      [say("finding.clause"), rule.clause ? App.clause(rule.clause) : say("finding.no_clause")],
      [say("finding.class"), say(`class.${rule.class}`)],
      [say("finding.outcome"), say(`effect.${found.effect(i)}`)],
      [say("finding.subject"), held.subject[i] && held.subject[i] !== found.person(i) ? App.link("address", held.subject[i], held.subject[i]) : null],
      [say("claims.person"), found.person(i) && App.link("person", found.person(i), found.person(i))],
      [say("explore.verdict"), found.verdict(i) && say(`verdict.${found.verdict(i)}`)],
      [say("finding.employer"), found.employer(i)],
      [say("finding.message"), held.message[i]],
      [say("explore.measured"), App.amount(held.measured[i], unit)],
      [say("finding.limit"), held.limit[i] === null ? null : App.amount(held.limit[i], unit)],
      [say("explore.waived"), found.waived(i)],
      [say("explore.fingerprint"), h("code", {}, held.fingerprint[i])],
    ];
    container.append(App.page(`${no} ${rule.title}`, App.facts(facts), h("h2", {}, say("explore.evidence")), ...evidence(found, i)));
  });

  App.facts = (facts) => h("dl", { class: "about" }, facts.filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));

  function evidence(found, i) {
    const { held, begins } = found, places = [];
    for (let at = begins[i]; at < begins[i + 1]; at++) places.push([found.source[at], found.row[at]]);
    if (!places.length && held.source[i] > 0) places.push([held.source[i], held.row[i]]);
    const count = { count: App.number(held.rows[i]), shown: App.number(places.length) };
    return [
      h("p", {}, say(places.length < held.rows[i] ? "explore.evidence_cut" : "explore.evidence_whole", count)),
      App.table(say("explore.evidence"), [say("data.file"), say("data.sheet"), say("explore.row")],
        places.map(([source, row]) => {
          const held = found.report.sources[source - 1];
          return [held.file, held.sheet || say("page.dash"), h("a", { href: App.address("row", source, row) }, String(row))];
        }), [2], "t-evidence"),
    ];
  }

  App.route("row/:source/:row", async (container, source, row) => {
    const found = await App.findings(), sheet = found.report.sources?.[source - 1], [s, r] = [Number(source), Number(row)];
    if (!sheet) {
      container.append(App.page(say("explore.not_found"), h("p", {}, say("explore.not_found_text"))));
      return;
    }
    const hits = [];
    for (let i = 0; i < found.rows; i++) {
      let hit = found.held.source[i] === s && found.held.row[i] === r;
      for (let at = found.begins[i]; at < found.begins[i + 1] && !hit; at++) hit = found.source[at] === s && found.row[at] === r;
      if (hit) hits.push(i);
    }
    const place = App.source(sheet.table, sheet.file, sheet.sheet, row);
    container.append(App.page(place.textContent,
      h("p", {}, say("explore.row_note")),
      h("p", {}, say("explore.row_findings", { count: App.number(hits.length) })),
      App.table(say("explore.findings"), [say("page.index"), say("finding.rule"), say("finding.outcome"), say("claims.person"), say("finding.message")],
        hits.slice(0, 500).map((i) => [h("a", { href: App.address("finding", found.no(i)) }, found.no(i)), found.ruleOf(i).title,
          say(`effect.${found.effect(i)}`), found.person(i) ? App.link("person", found.person(i), found.person(i)) : say("page.dash"),
          found.held.message[i]]))));
  });
}
