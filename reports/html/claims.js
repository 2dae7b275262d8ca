"use strict";
/* The claims (without a claim list: the people judged). */
{
  const { h, say } = App;
  const VERDICTS = ["not_supported", "to_verify", "supported"], LETTER = { not_supported: "N", to_verify: "V" };
  const MONEY = ["claimed", "supported", "not_supported", "to_verify"];

  App.route("claims", async (container) => {
    const report = await App.data("report"), held = await App.data("claims");
    const titles = new Map(report.rules.map((rule) => [rule.id, `${rule.no} ${rule.title}`]));
    const of = (name) => (i) => (held[name].at[i] < 0 ? null : held[name].words[held[name].at[i]]);
    const verdict = of("verdict"), employer = of("employer"), reasons = of("reasons");
    const no = (i) => LETTER[verdict(i)] ? `${LETTER[verdict(i)]}-${String(held.place[i]).padStart(4, "0")}` : null;
    const ids = (i) => (reasons(i) ?? "").split(",").filter(Boolean);
    const why = (i) => ids(i).map((id) => titles.get(id) ?? id).join(say("page.semicolon")) || null;
    const sheet = (i) => report.sources[held.source[i] - 1];
    const used = [...new Set(held.reasons.words.flatMap((text) => text.split(",")))].filter((id) => titles.has(id));
    const employers = [...held.employer.words].sort(new Intl.Collator(App.words.page.lang).compare);
    const sums = (rows) => say("explore.sums", Object.fromEntries(MONEY.map((name) =>
      [name, App.yuan(rows.reduce((sum, i) => sum + (held[`${name}_fen`][i] ?? 0), 0))])));
    const title = say(report.claimed ? "explore.claims" : "explore.people");
    const count = { total: App.number(held.total), listed: App.number(held.listed) };
    container.append(App.page(title, App.list({
      caption: title, rows: held.listed, order: null, file: "claims.csv", style: "t-claim-list",
      about: (n, rows) => say("explore.count", { count: App.number(n) }) + (report.claimed ? sums(rows) : "") + say(report.claimed
        ? (held.total > held.listed ? "explore.claims_cut" : "explore.claims_whole")
        : (held.total > held.listed ? "explore.people_cut" : "explore.people_whole"), count),
      search: (i) => [no(i), held.person_id[i], held.name[i], held.id_number[i], employer(i), why(i), sheet(i)?.file].join("\n").toLowerCase(),
      columns: [
        { key: "no", head: say("page.index"), style: "key", value: no, rank: (i) => i },
        { key: "person", head: say("claims.person"), style: "nb", value: (i) => held.person_id[i],
          cell: (i) => held.person_id[i] && App.link("person", held.person_id[i], held.person_id[i]) },
        { key: "name", head: say("explore.name"), style: "nb", value: (i) => held.name[i] },
        ...(report.full ? [{ key: "id", head: say("explore.id_number"), value: (i) => held.id_number[i] }] : []),
        { key: "employer", head: say("claims.employer"), style: "wide", value: employer, rank: App.ranked(held.employer) },
        { key: "verdict", head: say("explore.claim_verdict"), style: "nb", value: (i) => say(`verdict.${verdict(i)}`), rank: (i) => VERDICTS.indexOf(verdict(i)) },
        ...(report.claimed ? MONEY.map((name) => ({ key: name, head: say(`explore.yuan_${name}`), numeric: true,
          value: (i) => held[`${name}_fen`][i] === null ? null : held[`${name}_fen`][i] / 100,
          cell: (i) => held[`${name}_fen`][i] === null ? null : App.yuan(held[`${name}_fen`][i]) })) : []),
        { key: "why", head: say("claims.why"), style: "wide", value: why,
          cell: (i) => ids(i).length ? h("ul", { class: "plain" }, ids(i).map((id) => h("li", {},
            titles.has(id) ? h("a", { href: App.address("rule", id) }, titles.get(id)) : id))) : null },
        { key: "study", head: say("claims.study"), style: "nb", value: (i) => held.net_s[i] === null ? say("claims.unmatched") : App.hms(held.net_s[i]), rank: (i) => held.net_s[i] },
        ...(report.claimed ? [
          { key: "place", head: say("claims.place"), style: "place", value: (i) => sheet(i)?.file ?? null,
            rank: (i) => held.source[i] * 2 ** 32 + held.row[i],
            cell: (i) => sheet(i) ? App.place(report, held.source[i], held.row[i]) : null },
          { key: "sheet", head: say("data.sheet"), exported: true, value: (i) => sheet(i)?.sheet ?? null },
          { key: "row", head: say("explore.row"), exported: true, value: (i) => held.row[i] },
        ] : []),
      ],
      filters: [
        { key: "verdict", label: say("explore.claim_verdict"), keeps: App.same(held.verdict), options: VERDICTS.map((name) => [name, say(`verdict.${name}`)]) },
        { key: "employer", label: say("claims.employer"), options: employers.map((name) => [name, name]),
          keeps: (employers.length <= 500 ? App.same : App.holds)(held.employer) },
        { key: "rule", label: say("claims.why"), options: used.map((id) => [id, titles.get(id)]),
          keeps: (id) => { const kept = held.reasons.words.map((text) => text.split(",").includes(id)); return (i) => kept[held.reasons.at[i]] ?? false; } },
      ],
    })));
  });
}
