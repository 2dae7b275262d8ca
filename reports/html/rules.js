"use strict";
/* The clauses, and a page for each rule: what it asks, its SQL, whom it concerns by employer, and its findings. */
{
  const { h, say } = App;

  App.whenReady(async () => {
    const { rules } = await App.data("report");
    App.units = Object.fromEntries(rules.map((rule) => [rule.id, rule.unit]));
    App.nav(say("explore.clauses"), "#/clauses");
    if (App.has("findings")) App.nav(say("explore.findings"), "#/findings");
    if (App.has("claims")) App.nav(say((await App.data("report")).claimed ? "explore.claims" : "explore.people"), "#/claims");
    for (const one of document.querySelectorAll("main [data-rule]")) {
      one.append(" ", h("a", { class: "more", href: App.address("rule", one.dataset.rule) }, say("explore.rule_page")));
    }
    for (const one of document.querySelectorAll("main [data-person]")) {
      one.replaceChildren(App.link("person", one.dataset.person, one.textContent));
    }
  });

  const fate = (rule) => say(`outcome.${rule.awaited ? "awaiting" : rule.outcome}`);
  const badge = (outcome) => h("span", { class: `badge ${outcome}` }, say(`outcome.${outcome}`));

  App.route("clauses", async (container) => {
    const { clauses, rules } = await App.data("report"), known = new Map(rules.map((rule) => [rule.id, rule]));
    const counted = (rule) => rule.outcome === "evaluated" || rule.findings
      ? say("clause.count", { persons: App.number(rule.persons), size: App.number(rule.population_size) })
      : fate(rule);
    const line = (rule) => h("li", {}, h("a", { href: App.address("rule", rule.id) }, `${rule.no} ${rule.title}`),
      `${say("page.colon")}${counted(rule)}`);
    const cited = new Set(clauses.flatMap((clause) => clause.rules));
    container.append(App.page(say("explore.clauses"),
      App.table(say("clause.caption"), [say("page.index"), say("clause.text"), say("clause.outcome"), say("clause.basis")],
        clauses.map((clause) => [App.clause(clause.id), [h("q", { lang: "zh" }, clause.quote), h("p", {}, clause.summary)],
          [badge(clause.outcome), clause.reason && h("p", {}, clause.reason)],
          [h("ul", { class: "plain" }, clause.rules.map((id) => line(known.get(id)))),
            clause.manual && h("p", {}, h("strong", {}, say("clause.manual")), clause.manual)]]), [], "t-clauses"),
      h("h2", {}, say("explore.uncited")),
      h("ul", { class: "plain" }, rules.filter((rule) => !cited.has(rule.id)).map(line))));
  });

  /* What is not listed, so that the people add up. */
  function others({ total, persons, times, listed }) {
    const rest = (all, at) => App.number(all - listed.reduce((sum, row) => sum + row[at], 0));
    return total > listed.length
      ? [[say("explore.other_employers", { count: App.number(total - listed.length) }), rest(persons, 1), rest(times, 2)]] : [];
  }

  App.route("rule/:id", async (container, id) => {
    const { report, rules, ...found } = await App.findings(), rule = rules.get(id);
    if (!rule) {
      container.append(App.page(say("explore.not_found"), h("p", {}, say("explore.not_found_text"))));
      return;
    }
    const clause = report.clauses.find((one) => one.id === rule.clause), by = report.employers?.[id];
    const n = (value) => App.number(value);
    const facts = [
      [say("finding.clause"), clause ? [App.clause(clause.id), " ", h("q", { lang: "zh" }, clause.quote), h("p", {}, clause.summary)]
        : rule.lead_reason ? say("finding.lead_reason", { reason: rule.lead_reason }) : say("finding.no_reason")],
      [say("finding.class"), say(`class.${rule.class}`)],
      [say("finding.effect"), say(`effect.${rule.effect}`)],
      [say("finding.threshold"), rule.limits.join(say("page.semicolon")) || say("finding.no_threshold")],
      [say("finding.why"), rule.why],
      [say("explore.ran"), rule.outcome === "evaluated" ? null : [fate(rule), rule.reason && say("page.colon") + rule.reason]],
      [say("finding.counts"), [
        say("finding.count_findings", { count: n(rule.findings), refused: n(rule.refused), verify: n(rule.to_verify), note: n(rule.findings - rule.refused - rule.to_verify) }),
        say("finding.count_persons", { persons: n(rule.persons), size: n(rule.population_size), population: say(`population.${rule.population}`) }),
        ...(report.claimed ? [say("finding.count_money", { claims: n(rule.claims), yuan: App.yuan(rule.claims_fen), once: App.yuan(rule.counted_once_fen) })] : []),
      ].join(say("page.semicolon")) + say("page.stop")],
      [say("finding.innocent"), rule.false_positives],
      [say("finding.next"), rule.fix],
    ];
    const named = (employer) => employer === null ? say("page.no_employer") : !found.held ? employer
      : h("a", { href: `${App.address("rule", id)}?${new URLSearchParams({ employer })}` }, employer);
    container.append(App.page(`${rule.no} ${rule.title}`, h("p", {}, h("code", {}, rule.id)), App.facts(facts),
      h("details", { class: "sql" }, h("summary", {}, say("finding.sql")), h("pre", { tabindex: 0 }, h("code", {}, rule.sql))),
      by ? [h("h2", {}, say("explore.by_employer")), h("p", {}, say("explore.by_employer_note",
        { total: n(by.total), shown: n(by.listed.length), persons: n(by.persons) })),
      App.table(say("explore.by_employer"), [say("finding.employer"), say("finding.persons"), say("explore.times")],
        [...by.listed.map(([employer, persons, times]) => [named(employer), n(persons), n(times)]), ...others(by)], [1, 2], "t-by-employer")] : [],
      found.held && rule.findings ? [h("h2", {}, say("finding.sample")), App.findingList({ report, rules, ...found }, rule)] : []));
  });
}
