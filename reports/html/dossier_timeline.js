/* A person's sessions drawn by day: a row a day, the 24 hours of local wall time across. The table below it says the
 * same, so that colour and place are never the only carriers. */
const Timeline = (() => {
  const { h, svg, say } = App;
  const { date, clock, moment, weekday } = Dossier;
  const DAY = 86400, HUES = 8, LANES = 12, FOLD = 3, HEIGHT = 620;
  const LABEL = 11, BAR = 15, LANE = LABEL + BAR + 3, EXAM = 16, THIN = 20;
  const TIMED = 3, COPY = 4;

  /* A session cut at each midnight: its parts by day. Of a very long one the first two days and the last. */
  function cut(one, days, spans) {
    const first = Math.floor(one.start / DAY), last = Math.max(first, Math.floor((one.end - 1) / DAY));
    for (let day = first; day <= last; day++) {
      if (day > first + 1 && day < last) { spans.push([day, last - 1]); day = last; }
      const from = Math.max(one.start - day * DAY, 0), to = Math.min(one.end - day * DAY, DAY);
      row(days, day).parts.push({ one, from, to, before: day > first, after: day < last });
    }
  }

  function row(days, day) {
    if (!days.has(day)) days.set(day, { day, parts: [], exams: [], marks: [] });
    return days.get(day);
  }

  /* Days with something on them, the days between them and the limits of the period, from the top down. */
  function plan(sessions, exams, period) {
    const days = new Map(), spans = [];
    for (const one of sessions) {
      if (one.start === null) continue;
      if (one.end !== null && one.end >= one.start) cut(one, days, spans);
      else row(days, Math.floor(one.start / DAY)).marks.push({ one, at: one.start % DAY });
    }
    for (const exam of exams) if (exam.taken !== null) row(days, Math.floor(exam.taken / DAY)).exams.push(exam);
    const sorted = [...days.values()].sort((a, b) => a.day - b.day), items = [];
    const [from, to] = period.map((second) => Math.floor(second / DAY));
    const within = (first, last) => spans.some(([a, b]) => a <= first && b >= last);
    let begun = false, ended = false;
    const limits = (next) => {
      if (!begun && next >= from) { begun = true; items.push({ limit: say("dossier.period_from", { day: date(period[0]) }) }); }
      if (!ended && next >= to) { ended = true; items.push({ limit: say("dossier.period_to", { day: date(period[1] - 1) }) }); }
    };
    sorted.forEach((one, place) => {
      const gap = place ? one.day - sorted[place - 1].day - 1 : 0;
      if (gap > FOLD) {
        const first = one.day - gap, last = one.day - 1;
        items.push({ fold: say(within(first, last) ? "dossier.gap_within" : "dossier.gap",
          { days: App.number(gap), first: date(first * DAY), last: date(last * DAY) }) });
      } else {
        for (let day = one.day - gap; day < one.day; day++) { limits(day); items.push(lay({ day, parts: [], exams: [], marks: [] })); }
      }
      limits(one.day);
      items.push(lay(one));
    });
    if (sorted.length) limits(Infinity);
    for (const item of items) item.out = item.day !== undefined && (item.day < from || item.day >= to);
    return items;
  }

  /* What a part adds to the net time: what a session adds lies at its end, or at that of the period. */
  function netOf({ one, from, to }, day, limit) {
    const end = Math.min(one.end, limit) - day * DAY;
    return Math.max(0, Math.min(to, end) - Math.max(from, end - one.new));
  }

  /* Lanes for what runs at the same time, and where sessions overlap. */
  function lay(item) {
    const ends = [];
    item.parts.sort((a, b) => a.from - b.from || b.to - a.to || a.one.n - b.one.n);
    item.hidden = 0;
    item.overlaps = [];
    let reached = -1;
    for (const part of item.parts) {
      let lane = ends.findIndex((end) => end <= part.from);
      if (lane < 0) lane = ends.length;
      if (lane >= LANES) { item.hidden++; continue; }
      ends[lane] = Math.max(part.to, part.from + 60);
      part.lane = lane;
      if (part.one.kind & COPY) continue;
      if (part.from < reached && part.to > part.from) {
        const last = item.overlaps.at(-1), to = Math.min(part.to, reached);
        if (last && part.from <= last[1]) last[1] = Math.max(last[1], to);
        else item.overlaps.push([part.from, to]);
      }
      reached = Math.max(reached, part.to);
    }
    item.lanes = Math.max(1, ends.length);
    const empty = !item.parts.length && !item.marks.length;
    item.height = empty && !item.exams.length ? THIN : (empty ? 2 : item.lanes * LANE + 5) + Math.min(item.exams.length, 4) * EXAM;
    return item;
  }

  /* Slanting lines that fill a rectangle. */
  function hatch(x, y, width, height) {
    let path = "";
    for (let c = 4 - height; c < width; c += 4) {
      path += `M${x + Math.max(c, 0)} ${y + height - Math.max(-c, 0)}L${x + Math.min(width, c + height)} ${y + height - Math.min(height, width - c)}`;
    }
    return path;
  }

  const described = (one, held) => [
    say("dossier.session_no", { n: one.n }),
    one.start === null ? null : `${moment(one.start)}–${one.end === null ? "?" : moment(one.end)}`,
    one.kind % COPY === 2 && say("dossier.estimated"), one.kind & COPY && say("dossier.copy"),
    one.end !== null && one.start !== null && App.hms(one.end - one.start), say("dossier.net_of", { time: App.hms(one.new) }),
    one.course !== null && `${one.courseTag} ${held.courses[one.course]}`,
    one.address !== null && `${one.addressTag} ${held.addresses.address[one.address]}`, one.place,
  ].filter((text) => text).join(say("page.pause"));

  /* The pictures: one for every few days, so that none is torn when it is printed. */
  function draw(sessions, exams, held, flagged) {
    const wide = innerWidth >= 700, width = wide ? 920 : 350;
    const left = wide ? 92 : 46, right = wide ? 66 : 12, across = width - left - right;
    const x = (second) => left + (across * second) / DAY;
    const pictures = [];
    let chunk = [], height = 0;
    const close = () => {
      if (chunk.length) pictures.push(picture(chunk, pictures.length));
      [chunk, height] = [[], 0];
    };
    for (const item of plan(sessions, exams, held.period)) {
      const high = item.height ?? THIN;
      if (height + high > HEIGHT) close();
      chunk.push(item);
      height += high;
    }
    close();
    return pictures;

    function picture(items, place) {
      const days = items.filter((item) => item.day !== undefined);
      const drawn = days.flatMap((item) => item.parts), top = 22;
      const heading = days.length ? say("dossier.days", { first: date(days[0].day * DAY), last: date(days.at(-1).day * DAY) })
        : items.map((item) => item.fold ?? item.limit).join(" ");
      const told = say("dossier.picture", {
        sessions: App.number(new Set(drawn.map((part) => part.one)).size), days: App.number(days.filter((item) => item.parts.length).length),
        overlaps: App.number(days.reduce((sum, item) => sum + item.overlaps.length, 0)),
        exams: App.number(days.reduce((sum, item) => sum + item.exams.length, 0)),
      });
      const root = svg("svg", { class: "timeline", role: "img",
        "aria-labelledby": `tl-title-${place} tl-desc-${place}` },
        svg("title", { id: `tl-title-${place}` }, heading), svg("desc", { id: `tl-desc-${place}` }, told));
      const hours = wide ? [0, 3, 6, 9, 12, 15, 18, 21, 24] : [0, 6, 12, 18, 24];
      for (const hour of hours) root.append(svg("text", { class: "hour", x: x(hour * 3600), y: 14, "text-anchor": "middle" }, `${hour}:00`.replace(":00", wide ? ":00" : "")));
      if (wide) root.append(svg("text", { class: "hour", x: width - 2, y: 14, "text-anchor": "end" }, say("dossier.net")));
      let y = top;
      for (const item of items) {
        const high = item.height ?? THIN;
        if (item.day === undefined) thin(root, item, y);
        else {
          root.append(svg("rect", { class: item.out ? "ground out" : "ground", x: left, y, width: across, height: high }));
          for (let hour = 0; hour <= 24; hour += wide ? 1 : 3) {
            root.append(svg("line", { class: hour % 6 ? "tick" : "tick six", x1: x(hour * 3600), x2: x(hour * 3600), y1: y, y2: y + high }));
          }
          dayRow(root, item, y);
        }
        y += high;
      }
      root.setAttribute("viewBox", `0 0 ${width} ${y + 2}`);
      return h("figure", { class: wide ? "timeline-box" : "timeline-box narrow" }, h("figcaption", {}, heading), root);
    }

    function thin(root, item, y) {
      const text = item.fold ?? item.limit;
      root.append(svg("line", { class: item.limit ? "limit" : "fold", x1: left, x2: left + across, y1: y + THIN / 2, y2: y + THIN / 2 }),
        svg("text", { class: item.limit ? "said limit" : "said", x: left + across / 2, y: y + THIN / 2 + 4, "text-anchor": "middle" }, text));
    }

    function dayRow(root, item, y) {
      const line = y + Math.min(LABEL + 11, item.height / 2 + 4), weekend = (item.day + 4) % 7 % 6 === 0;
      root.append(svg("text", { class: weekend ? "day weekend" : "day", x: 0, y: line },
        wide ? `${date(item.day * DAY).slice(5)} ${weekday(item.day * DAY)}` : date(item.day * DAY).slice(5)));
      const net = item.parts.reduce((sum, part) => sum + netOf(part, item.day, held.period[1]), 0);
      if (wide && item.parts.length) root.append(svg("text", { class: "net", x: width - 2, y: line, "text-anchor": "end" },
        `${Math.floor(net / 3600)}:${String(Math.floor(net / 60) % 60).padStart(2, "0")}`));
      const next = item.parts.map((part, at) => item.parts.slice(at + 1, at + 40).find((other) => other.lane === part.lane)?.from ?? DAY);
      let address = null;
      const tags = [];
      item.parts.forEach((part, at) => {
        if (part.lane === undefined) return;
        const told = bar(root, part, y + part.lane * LANE + 2, next[at], part.one.address !== address, tags);
        address = told ? part.one.address : null;  // where there was no room, the next one says its own
      });
      for (const [from, to] of item.overlaps) {
        const at = x(from), across = Math.max(x(to) - at, 1.5), above = y + LABEL + 1, high = item.lanes * LANE - LABEL;
        root.append(svg("g", { class: "overlap" },
          svg("title", {}, say("dossier.overlap_of", { from: clock(from), to: clock(to), time: App.hms(to - from) })),
          svg("rect", { x: at, y: above, width: across, height: high }),
          svg("path", { class: "hatch", d: hatch(at, above, across, high) })));
      }
      root.append(...tags);  // above what is hatched
      for (const { one, at } of item.marks) {
        root.append(svg("g", { class: "damaged" }, svg("title", {}, described(one, held)),
          svg("path", { d: `M${x(at)} ${y + LABEL + 2}l4 ${BAR / 2}l-4 ${BAR / 2}l-4 ${-BAR / 2}z` }),
          svg("text", { class: "tag", x: x(at) + 6, y: y + LABEL }, "?")));
      }
      if (item.hidden) root.append(svg("text", { class: "said", x: left + 4, y: y + item.lanes * LANE + 3 }, say("dossier.hidden", { count: App.number(item.hidden) })));
      const exams = y + item.height - Math.min(item.exams.length, 4) * EXAM;
      item.exams.slice(0, 4).forEach((exam, at) => mark(root, exam, y, exams + at * EXAM));
    }

    function bar(root, part, y, next, moved, tags) {
      const { one } = part, from = x(part.from), room = x(part.to) - from, to = Math.max(room, 2);
      const classes = ["bar", `hue${(one.courseNo ?? 0) % HUES}`];
      if (one.kind % COPY === 2) classes.push("estimated");
      if (one.kind & COPY) classes.push("copied");
      if (flagged.has(one)) classes.push("flagged");
      if (one.outside) classes.push("outside");
      const group = svg("g", { class: classes.join(" ") }, svg("title", {}, described(one, held)),
        svg("rect", { x: from, y: y + LABEL, width: to, height: BAR, rx: 1.5 }));
      const width = x(next) - from, tag = moved ? one.addressTag ?? "" : "", about = one.kind % COPY === 2 ? "≈" : "";
      const inside = one.courseTag && one.courseTag.length * 6 + 2 <= room ? one.courseTag : "";
      const all = [tag, inside ? "" : one.courseTag, about].filter((text) => text).join(" ");
      const over = [all, tag, about].find((text) => text && text.length * 5.6 < width) ?? "";
      if (inside) tags.push(svg("text", { class: "tag inside", x: from + 2, y: y + LABEL + BAR - 4 }, inside));
      if (over) tags.push(svg("text", { class: "tag", x: from, y: y + LABEL - 2 }, over));
      if (part.before) group.append(svg("path", { class: "over", d: `M${from} ${y + LABEL - 2}v${BAR + 4}` }));
      if (part.after) group.append(svg("path", { class: "over", d: `M${from + to} ${y + LABEL - 2}v${BAR + 4}` }));
      root.append(group);
      return !tag || over.startsWith(tag);
    }

    function mark(root, exam, top, y) {
      const second = exam.taken % DAY, at = x(second), right = at > left + across * 0.6;
      const state = exam.absent ? "absent" : exam.passed === 1 ? "passed" : exam.passed === 0 ? "failed" : "unknown";
      const text = [exam.name, exam.said, second ? null : say("dossier.day_only")].filter((one) => one).join(" ");
      const shown = text.length > (wide ? 48 : 20) ? `${text.slice(0, wide ? 47 : 19)}…` : text;
      root.append(svg("g", { class: `exam ${state}` }, svg("title", {}, `${moment(exam.taken)} ${text} ${exam.place ?? ""}`),
        svg("line", { x1: at, x2: at, y1: top, y2: y + EXAM / 2 }),
        svg("path", { d: `M${at} ${y + 2}l5 6l-5 6l-5 -6z` }),
        svg("text", { class: "said", x: right ? at - 9 : at + 9, y: y + 12, "text-anchor": right ? "end" : "start" }, shown)));
    }
  }

  return { draw, TIMED, COPY, HUES };
})();
