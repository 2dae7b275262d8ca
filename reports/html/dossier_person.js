/* #/person/<id>: who, the claims, what was found, the class hours, the exams, and every session with its row. */
(() => {
  const { h, say } = App;
  const D = Dossier, { dash } = D;
  let offsets = null;  // where each person's sessions begin

  /* The sessions of a person in order, decoded. */
  function sessionsOf(block, place) {
    if (!offsets) {
      offsets = [0];
      for (const n of block.people.n) offsets.push(offsets.at(-1) + n);
    }
    const columns = block.sessions, out = [], tags = [new Map(), new Map()];
    const tag = (which, code, letter) => {
      if (code === null) return null;
      if (!tags[which].has(code)) tags[which].set(code, tags[which].size);
      return [tags[which].get(code), `${letter}${tags[which].get(code) + 1}`];
    };
    let start = block.period[0], row = 0;
    for (let at = offsets[place]; at < offsets[place + 1]; at++) {
      const since = columns.start[at], length = columns.length[at];
      if (since !== null) start += since;
      row += columns.row[at];
      const one = {
        at, n: out.length + 1, start: since === null ? null : start,
        end: length === null ? null : (since === null ? block.period[0] : start) + length,
        new: columns.new[at], course: columns.course[at], address: columns.address[at],
        kind: columns.kind[at], sheet: columns.sheet[at], row, why: block.sets[columns.why[at]],
      };
      [one.courseNo, one.courseTag] = tag(0, one.course, "c") ?? [null, null];
      [, one.addressTag] = tag(1, one.address, "a") ?? [null, null];
      one.outside = one.start !== null && (one.start >= block.period[1] || (one.end ?? one.start) <= block.period[0]);
      const [file, sheet] = block.sheets[one.sheet];
      one.place = App.source("sessions", file, sheet, one.row).textContent;
      out.push(one);
    }
    /* which overlap an earlier one, as far as it is counted */
    let reached = -Infinity;
    for (const one of out) {
      if (one.start === null || one.end === null || one.end < one.start || one.kind & Timeline.COPY) continue;
      one.overlaps = one.start < reached && one.end > one.start ? Math.min(one.end, reached) - one.start : 0;
      reached = Math.max(reached, one.end);
    }
    return out;
  }

  /* What is told of single sessions, by their place among all. */
  function told(columns, sessions) {
    const out = new Map(), first = sessions[0]?.at, last = sessions.at(-1)?.at;
    columns.session.forEach((at, place) => {
      if (!(at >= first && at <= last)) return;
      if (!out.has(at)) out.set(at, []);
      out.get(at).push(D.rows(columns, place, place + 1)[0]);
    });
    return out;
  }

  function examsOf(block, place) {
    return D.of(block.exams, "person", place).map((exam) => ({
      ...exam, name: exam.exam ?? say("dossier.unnamed_exam"),
      said: exam.absent ? say("dossier.absent") : [
        exam.score === null ? null : say("unit.score", { n: exam.score % 100 ? (exam.score / 100).toFixed(2) : App.number(exam.score / 100) }),
        exam.passed === 1 ? say("dossier.passed") : exam.passed === 0 ? say("dossier.failed") : say("dossier.unread"),
      ].filter((one) => one).join(" "),
    }));
  }

  function claims(block, who, place) {
    const listed = D.of(block.claims, "person", place);
    const judged = block.judged[who.id] ?? [];
    const parts = [];
    if (listed.length) {
      parts.push(D.table(say("dossier.claims"), "person-claims",
        [say("claims.employer"), `#${say("claims.claimed")}`, say("dossier.machine"), `#${say("dossier.supported")}`,
          `#${say("dossier.not_supported")}`, `#${say("dossier.to_verify")}`, say("dossier.reasons"), say("dossier.where")],
        listed.map((one) => [one.employer ?? say("page.no_employer"), App.yuan(one.claimed), D.verdict(one.verdict),
          App.yuan(one.supported), App.yuan(one.not_supported), App.yuan(one.to_verify), D.reasons(block, one.reasons), D.source(block, one)])));
    } else if (who.verdict) {
      parts.push(h("p", {}, D.verdict(who.verdict), " ", D.reasons(block, who.reasons)));
    } else parts.push(h("p", {}, say(block.claim_list ? "dossier.not_claimed" : "dossier.not_judged")));
    if (judged.length) parts.push(h("h3", {}, say("dossier.judged")), h("p", {}, say("dossier.judged_note")), judged.map((claim) => beside(block, claim)));
    return parts;
  }

  const OF_CLAIMS = ["supported", "not_supported", "to_verify"];  // of findings: confirmed, dismissed, pending
  function about(block, { rule, place }) {
    if (!rule) return say("dossier.of_claim");
    const known = block.rules.find((one) => one[0] === rule);
    return known ? `${known[1]}${place ? `-${String(place).padStart(3, "0")}` : ""} ${known[2]}` : rule;
  }

  /* What people concluded, beside what the machine did. */
  function beside(block, claim) {
    const sums = (prefix) => ["supported", "not_supported", "to_verify"].map((name) => App.yuan(claim[`${prefix}${name}_fen`]));
    return [
      D.table(say("dossier.judged"), "person-judged",
        ["", say("money.verdict"), `#${say("dossier.supported")}`, `#${say("dossier.not_supported")}`, `#${say("dossier.to_verify")}`],
        [[say("dossier.machine"), D.verdict(claim.verdict), ...sums("")],
          [say("dossier.human"), D.verdict(claim.judged_verdict), ...sums("judged_")]]),
      h("ul", {}, (claim.said ?? []).map((one) => h("li", {}, say("dossier.judged_by", {
        what: about(block, one), conclusion: say(`${OF_CLAIMS.includes(one.conclusion) ? "verdict" : "dossier"}.${one.conclusion}`),
        note: one.note ?? "", by: one.by ?? dash(), on: one.on ?? dash() })))),
    ];
  }

  function hours(block, who) {
    if (who.net_s === null) return h("p", {}, say("dossier.unmatched"));
    const unit = block.unit_s, line = (name, seconds) => [
      [say(`reading_name.${name}`), name === block.reading && ` ${say("dossier.deciding")}`],
      seconds === null ? say("dossier.not_applicable") : App.number(Math.floor(seconds / unit)),
      App.number(Math.floor(block.required_s / unit)),
      seconds === null ? dash() : say(seconds >= block.required_s ? "dossier.enough" : "dossier.too_few"),
    ];
    return [
      h("p", {}, say("dossier.time", { raw: App.hms(who.raw_s), net: App.hms(who.net_s), unit: App.hms(unit) })),
      D.table(say("dossier.hours"), "person-hours",
        [say("dossier.reading"), `#${say("dossier.class_hours")}`, `#${say("dossier.required")}`, say("dossier.result")],
        [line("cumulative", who.net_s), line("per_session", who.sitting_s ?? 0), line("per_lesson", who.lesson_s)]),
    ];
  }

  function score(block, place, who) {
    const leads = D.of(block.leads, "person", place);
    if (!leads.length) return h("p", {}, say("dossier.no_score"));
    const sum = leads.length > 1 ? `${leads.map((one) => one.weight).join(" + ")} = ${who.score}` : App.number(who.score);
    return [h("p", {}, say("dossier.score_is", { sum })), h("ul", {}, leads.map((one) => h("li", {}, D.rule(block, one.rule), " ",
      say("dossier.lead_weight", { weight: one.weight, count: App.number(one.findings) })))), h("p", { class: "check" }, say("dossier.score_note"))];
  }

  function exams(block, list) {
    if (!list.length) return h("p", {}, say("dossier.no_exams"));
    return D.table(say("dossier.exams"), "person-exams",
      [say("dossier.exam"), say("dossier.taken"), `#${say("dossier.attempt")}`, say("dossier.result"), say("dossier.counts"), say("dossier.where")],
      list.map((one) => [one.name, one.taken === null ? dash() : one.taken % 86400 ? D.moment(one.taken) : `${D.date(one.taken)} ${say("dossier.day_only")}`,
        one.attempt === null ? dash() : App.number(one.attempt), one.said,
        one.deciding === null ? dash() : say(one.deciding ? "page.yes" : "page.no"), D.source(block, one)]));
  }

  /* The courses and addresses by their short tags. */
  function legend(block, sessions) {
    const courses = new Map(), places = new Map();
    for (const one of sessions) {
      for (const [held, code, tag, no] of [[courses, one.course, one.courseTag, one.courseNo], [places, one.address, one.addressTag]]) {
        if (code === null) continue;
        if (!held.has(code)) held.set(code, { tag, no, sessions: 0, new: 0 });
        held.get(code).sessions++;
        held.get(code).new += one.new;
      }
    }
    const used = (held) => say("dossier.used", { sessions: App.number(held.sessions), time: App.hms(held.new) });
    const swatch = (no) => App.svg("svg", { class: "swatch", viewBox: "0 0 18 12", "aria-hidden": "true" },
      App.svg("g", { class: `bar hue${no % Timeline.HUES}` }, App.svg("rect", { width: 18, height: 12 })));
    const kinds = ["", say("dossier.private"), say("dossier.proxy"), say("dossier.common")];
    const list = (title, held, line) => held.size > 0 && h("div", {}, h("h4", {}, title),
      h("ul", { class: "plain legend-list", tabindex: held.size > 8 && 0, "aria-label": title }, [...held].map(([code, one]) => h("li", {}, line(code, one)))));
    return h("div", { class: "legends" },
      list(say("dossier.addresses"), places, (code, one) => {
        const text = block.addresses.address[code], others = Math.max((block.addresses.persons[code] ?? 0) - 1, 0);
        const kind = kinds[block.addresses.kind[code]];
        return [h("strong", { class: "tagged" }, one.tag), " ", App.link("address", text, text), " ",
          h("span", { class: "place" }, [used(one), others ? say("dossier.others", { count: App.number(others) }) : say("dossier.alone"), kind]
            .filter((said) => said).join(say("page.semicolon")))];
      }),
      list(say("dossier.courses"), courses, (code, one) => [swatch(one.no), " ", h("strong", { class: "tagged" }, one.tag), " ",
        block.courses[code], " ", h("span", { class: "place" }, used(one))]));
  }

  function key() {
    const sample = (classes, text, hatch) => h("li", {}, App.svg("svg", { class: "swatch", viewBox: "0 0 26 14", "aria-hidden": "true" },
      App.svg("g", { class: classes }, App.svg("rect", { x: 1, y: 1, width: 24, height: 12 }),
        hatch && App.svg("path", { class: "hatch", d: "M3 13L15 1M9 13L21 1M15 13L25 3" }))), " ", text);
    return h("ul", { class: "columns key-list" }, sample("bar hue0", say("dossier.key_measured")),
      sample("bar hue0 estimated", say("dossier.key_estimated")), sample("overlap", say("dossier.key_overlap"), true),
      sample("bar hue0 flagged", say("dossier.key_flagged")), sample("bar hue0 outside", say("dossier.key_outside")),
      sample("bar hue0 copied", say("dossier.key_copy")), h("li", {}, say("dossier.key_exam")));
  }

  const notes = (one, troubles) => [
    one.kind % Timeline.COPY === 2 && say("dossier.estimated"), one.kind & Timeline.COPY && say("dossier.copy"),
    one.overlaps > 0 && say("dossier.overlapping", { time: App.hms(one.overlaps) }), one.outside && say("dossier.outside"),
    one.start !== null && one.end !== null && one.end < one.start && say("dossier.negative"),
    ...troubles.map((trouble) => say(trouble.kind === "missing" ? "dossier.missing" : "dossier.unreadable",
      { field: trouble.field, shown: trouble.shown ?? "" })),
    (one.start === null || one.end === null) && !troubles.length && say("dossier.no_time"),
  ].filter((said) => said).join(say("page.semicolon"));

  function table(block, list, caption) {
    return D.table(caption, "sessions",
      [`#${say("dossier.no")}`, say("dossier.start"), say("dossier.end"), `#${say("dossier.length")}`, `#${say("dossier.net")}`,
        say("dossier.course"), say("dossier.address"), say("dossier.where"), say("dossier.concerned"), say("dossier.notes")],
      list.map((one) => {
        const same = one.start !== null && one.end !== null && D.date(one.start) === D.date(one.end);
        const ended = one.end === null ? dash() : same ? D.clock(one.end) : D.moment(one.end);
        return [App.number(one.n), one.start === null ? dash() : `${D.moment(one.start)} ${D.weekday(one.start)}`,
          one.kind % Timeline.COPY === 2 ? `≈ ${ended}` : ended,
          one.start === null || one.end === null ? (one.stated === null ? dash() : say("dossier.stated", { time: App.hms(one.stated) })) : App.hms(one.end - one.start),
          App.hms(one.new), one.course === null ? dash() : `${one.courseTag} ${block.courses[one.course]}`,
          one.address === null ? dash() : [`${one.addressTag} `, App.link("address", block.addresses.address[one.address])],
          one.place, one.why.length ? one.why.map((rule, at) => [at > 0 && say("page.comma"), D.rule(block, rule, false)]) : dash(),
          notes(one, one.troubles)];
      }));
  }

  function sittings(block, place, who, sessions, list) {
    if (!who.rows) return [h("p", {}, say("dossier.no_sessions"))];
    const deciding = new Set(D.of(block.about, "person", place).filter((one) => one.grade > 0).map((one) => one.rule));
    const flagged = new Set(sessions.filter((one) => one.why.some((rule) => deciding.has(rule))));
    const off = sessions.filter((one) => one.start === null || one.end === null || one.end < one.start);
    const timed = sessions.filter((one) => one.start !== null);
    const first = timed.length ? D.date(timed[0].start) : dash();
    const days = new Set();
    for (const one of timed) {
      const last = Math.max(one.start, Math.min((one.end ?? one.start) - 1, one.start + 36525 * 86400));
      for (let day = Math.floor(one.start / 86400); day <= Math.floor(last / 86400); day++) days.add(day);
    }
    const parts = [
      h("p", {}, say("dossier.sessions_said", { count: App.number(who.rows), days: App.number(days.size), first,
        last: timed.length ? D.date(timed.at(-1).start) : dash(), net: App.hms(who.net_s) })),
      who.rows > sessions.length && h("p", { class: "blocked" }, say("dossier.sessions_capped",
        { shown: App.number(sessions.length), total: App.number(who.rows) }), " ", query(who.id)),
      key(), legend(block, sessions),
      h("div", { class: "timelines" }, Timeline.draw(sessions, list, block, flagged)),
    ];
    if (off.length) {
      parts.push(h("h3", {}, say("dossier.off", { count: App.number(off.length) })), h("p", {}, say("dossier.off_note")),
        table(block, off, say("dossier.off", { count: App.number(off.length) })));
    }
    const whole = D.of(block.whole, "person", place);
    if (whole.length) {
      parts.push(h("p", {}, say("dossier.whole"), h("span", {}, whole.map((one, at) => [at > 0 && say("page.comma"), ...[D.rule(block, one.rule)].flat()]))));
    }
    parts.push(h("details", { class: "all-sessions" }, h("summary", {}, say("dossier.table", { count: App.number(sessions.length) })),
      table(block, sessions, say("dossier.table", { count: App.number(sessions.length) }))));
    return parts;
  }

  const query = (id) => h("code", {}, `SELECT * FROM session_list WHERE person_id = '${id.replace(/'/g, "''")}' ORDER BY start_at`);

  App.route("person/:id", async (container, id) => {
    const block = await App.data("people");
    const place = block ? block.people.id.indexOf(id) : -1;
    if (place < 0) {
      container.append(App.page(say("dossier.person", { id }), h("p", {}, block && say("dossier.not_here",
        { shown: App.number(block.people.id.length), total: App.number(block.total), sessions: App.number(block.sessions.new.length),
          all: App.number(block.total_sessions) })), h("p", {}, query(id))));
      return;
    }
    const who = D.rows(block.people, place, place + 1)[0];
    const sessions = sessionsOf(block, place), list = examsOf(block, place);
    for (const exam of list) exam.place = D.source(block, exam).textContent;
    const troubles = told(block.troubles, sessions), stated = told(block.stated, sessions);
    for (const one of sessions) {
      one.troubles = troubles.get(one.at) ?? [];
      one.stated = stated.get(one.at)?.[0].seconds ?? null;
    }
    const damage = D.of(block.damage, "person", place);
    const about = D.of(block.about, "person", place);
    container.append(App.page(`${say("dossier.person", { id })}${who.name ? ` ${who.name}` : ""}`,
      D.facts([
        [say("claims.employer"), who.employer ?? say("page.no_employer")],
        who.number && [say("dossier.number"), who.number],
        [say("dossier.registered"), say(who.registered === null ? "claims.unmatched" : who.registered ? "page.yes" : "page.no")],
        [say("money.verdict"), who.verdict ? D.verdict(who.verdict) : dash()],
        [say("dossier.net"), who.net_s === null ? say("claims.unmatched") : App.hms(who.net_s)],
        [say("dossier.score"), App.number(who.score)],
        who.group !== null && [say("dossier.group"), `G-${String(who.group).padStart(3, "0")}`],
      ]),
      h("p", { class: "statement" }, say("dossier.plain")),
      h("section", {}, h("h2", {}, say("dossier.claims")), claims(block, who, place)),
      h("section", {}, h("h2", {}, say("dossier.about")), D.findings(block, about),
        about.some((one) => one.total > one.listed.length) && h("p", { class: "check" }, say("dossier.about_capped"))),
      damage.length > 0 && h("section", {}, h("h2", {}, say("dossier.damage")), h("p", {}, say("dossier.damage_note")), h("ul", {}, damage.map((one) =>
        h("li", {}, [one.table, one.field].filter((said) => said).join(" · "), say("page.colon"), one.cause)))),
      h("section", {}, h("h2", {}, say("dossier.hours")), hours(block, who)),
      (who.net_s !== null || list.length > 0) && h("section", {}, h("h2", {}, say("dossier.exams")), exams(block, list)),
      who.net_s !== null && h("section", {}, h("h2", {}, say("dossier.sessions")), sittings(block, place, who, sessions, list)),
      h("section", {}, h("h2", {}, say("dossier.score")), score(block, place, who))));
  });
})();
