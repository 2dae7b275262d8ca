/* #/address/<address>: who studied there on which day, employers told apart by letters. */
(() => {
  const { h, say } = App;
  const D = Dossier, { dash } = D;
  const letter = (place) => place === null ? "*" : String.fromCharCode(65 + place);

  function grid(people, days, cells) {
    const by = new Map(cells.map((cell) => [`${cell.person} ${cell.day}`, cell]));
    const head = h("thead", {},
      h("tr", {}, h("th", { scope: "col" }, say("dossier.who")), h("th", { scope: "col" }, say("claims.employer")),
        days.map((one, at) => h("th", { scope: "col", class: "day" },
          h("span", {}, at && Math.floor(days[at - 1].day / 10000) === Math.floor(one.day / 10000) ? "\u00a0" : D.day(one.day).slice(0, 4)),
          h("span", {}, D.day(one.day).slice(5))))));
    const row = (one, place) => h("tr", {}, h("th", { scope: "row" }, App.link("person", one.id, one.id), one.name && ` ${one.name}`),
      h("td", { class: "letter" }, letter(one.employer)),
      days.map(({ day }) => {
        const cell = by.get(`${place} ${day}`);
        if (!cell) return h("td", { class: "cell" });
        const said = said_of(cell);
        return h("td", { class: `cell used e${(one.employer ?? 7) % 8}`, title: said }, h("span", { "aria-hidden": "true" }, letter(one.employer)),
          cell.sessions > 1 ? App.number(cell.sessions) : "", h("span", { class: "unseen" }, said));
      }));
    const foot = h("tfoot", {}, [["dossier.day_persons", "persons"], ["dossier.day_employers", "employers"], ["dossier.day_sessions", "sessions"]].map(([name, key]) =>
      h("tr", {}, h("th", { scope: "row", colspan: 2 }, say(name)), days.map((one) =>
        h("td", { class: key === "employers" && one.employers > 1 ? "cell several" : "cell" }, App.number(one[key]))))));
    return h("div", { class: "box", role: "region", "aria-label": say("dossier.grid"), tabindex: 0 },
      h("table", { class: "t-grid" }, h("caption", { class: "unseen" }, say("dossier.grid")), head, h("tbody", {}, people.map(row)), foot));
  }

  const span = (cell) => {
    const end = cell.first + cell.length;
    return `${D.clock(cell.first, false)}–${D.clock(end % 86400, false)}${end >= 86400 ? ` (+${Math.floor(end / 86400)})` : ""}`;
  };
  const said_of = (cell) => say("dossier.cell", { day: D.day(cell.day), span: span(cell), count: App.number(cell.sessions), time: App.hms(cell.counted) });

  App.route("address/:id", async (container, id) => {
    const block = await App.data("addresses");
    const place = block ? block.addresses.id.indexOf(id) : -1;
    if (place < 0) {
      container.append(App.page(say("dossier.address_page", { id }),
        block && h("p", {}, say("dossier.address_not_here", { shown: App.number(block.addresses.id.length), total: App.number(block.total) })), query(id)));
      return;
    }
    const own = D.rows(block.addresses, place, place + 1)[0];
    const [employers, owners, days, people, cells, about] = ["employers", "owners", "days", "people", "cells", "about"]
      .map((name) => D.of(block[name], "address", place));
    const kinds = ["dossier.public", "dossier.private", "dossier.proxy", "dossier.common"];
    container.append(App.page(say("dossier.address_page", { id }),
      D.facts([
        [say("dossier.kind"), say(kinds[own.kind])],
        own.province && [say("dossier.province"), own.province],
        [say("dossier.owners"), owners.length ? owners.map((one) => one.employer).join(say("page.comma"))
          + (owners[0].total > owners.length ? say("dossier.and_more", { total: App.number(owners[0].total) }) : "") : say("dossier.no_owner")],
        [say("dossier.totals"), say("dossier.totals_said", { persons: App.number(own.persons), employers: App.number(own.employers),
          days: App.number(own.days), sessions: App.number(own.sessions), raw: App.hms(own.raw_s), net: App.hms(own.counted_s) })],
      ]),
      h("p", { class: "statement" }, say("dossier.address_plain")),
      h("section", {}, h("h2", {}, say("dossier.about_address")), D.findings(block, about)),
      h("section", {}, h("h2", {}, say("dossier.employers")),
        D.table(say("dossier.employers"), "address-employers",
          [say("dossier.letter"), say("claims.employer"), `#${say("dossier.people")}`, `#${say("dossier.sittings")}`, say("dossier.notes")],
          employers.map((one, at) => [h("strong", { class: `letter e${at % 8}` }, letter(at)), one.employer ?? say("page.no_employer"), App.number(one.persons), App.number(one.sessions),
            [one.own && say("dossier.own"), one.dispatch && say("dossier.dispatch")].filter((said) => said).join(say("page.semicolon")) || dash()])),
        own.employers > employers.length && h("p", {}, say("dossier.employers_capped", { shown: App.number(employers.length), total: App.number(own.employers) }))),
      h("section", {}, h("h2", {}, say("dossier.grid")), h("p", {}, say("dossier.grid_note")),
        (own.persons > people.length || own.days > days.length) && h("p", { class: "blocked" }, say("dossier.grid_capped",
          { persons: App.number(own.persons), people: App.number(people.length), all_days: App.number(own.days), days: App.number(days.length) }), " ", query(id)),
        people.length ? grid(people, days, cells) : h("p", {}, say("dossier.grid_empty"))),
      h("details", {}, h("summary", {}, say("dossier.cells", { count: App.number(cells.length) })),
        D.table(say("dossier.cells", { count: App.number(cells.length) }), "cells",
          [say("dossier.day"), say("dossier.who"), say("claims.employer"), say("dossier.times"), `#${say("dossier.sittings")}`, `#${say("dossier.net")}`],
          [...cells].sort((a, b) => a.day - b.day || a.first - b.first || a.person - b.person).map((cell) => {
            const one = people[cell.person];
            return [D.day(cell.day), App.link("person", one.id, one.id), one.employer === null ? letter(null)
              : `${letter(one.employer)} ${employers[one.employer].employer ?? say("page.no_employer")}`, span(cell), App.number(cell.sessions), App.hms(cell.counted)];
          })))));
  });

  const query = (id) => h("code", {}, `SELECT * FROM session_list WHERE address = '${id.replace(/'/g, "''")}' ORDER BY start_at`);
})();
