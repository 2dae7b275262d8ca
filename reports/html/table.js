"use strict";
/* App.list: a long table that is filtered, sorted, paged and exported.
 *
 * caption, rows (how many there are), order (their usual order, or null), file (name of the export), about(count, rows) →
 *   what is said of those that are kept, of the whole, and of where the rest is
 * columns: { key, head, value(i) → number, text or null: what is sorted and exported; rank(i) → number to sort by instead;
 *   cell(i) → what is shown (a node or a text); numeric; exported: only in the export }
 * filters: { key, label, options: [[value, text]], keeps(value) → (i) → boolean } or, without options, a field to type in
 * search(i) → text in small letters
 * What is chosen stands in the address, so that it can be sent on. */
{
  const PAGE = 50, OPTIONS = 500;
  const { h, say } = App;

  App.list = function list(spec) {
    const params = new URLSearchParams(App.query);
    const status = h("p", { class: "count", role: "status", "aria-live": "polite" });
    const tbody = h("tbody"), pager = h("div", { class: "pager" });
    const shownColumns = spec.columns.filter((column) => !column.exported);
    const texts = [];  // of each row, what is searched
    let order = [];

    const set = (key, value) => {
      if (value) params.set(key, value);
      else params.delete(key);
      App.keep(params);
    };

    function pick() {
      const tests = spec.filters.filter((one) => params.get(one.key)).map((one) => one.keeps(params.get(one.key)));
      const wanted = (params.get("q") ?? "").trim().toLowerCase().split(/\s+/).filter(Boolean);
      const kept = [];
      for (let at = 0; at < spec.rows; at++) {
        const row = spec.order ? spec.order[at] : at;
        if (!tests.every((test) => test(row))) continue;
        if (wanted.length) {
          const text = (texts[row] ??= spec.search(row));
          if (!wanted.every((word) => text.includes(word))) continue;
        }
        kept.push(row);
      }
      order = sorted(kept);
    }

    function sorted(kept) {
      const by = params.get("sort") ?? "", down = by.startsWith("-") ? -1 : 1;
      const column = spec.columns.find((one) => one.key === by.replace(/^-/, ""));
      if (!column) return kept;
      const of = column.rank ?? column.value, keys = new Map(kept.map((row, at) => [row, [of(row), at]]));
      return kept.sort((a, b) => {
        const [x, i] = keys.get(a), [y, j] = keys.get(b);
        if (x === y) return i - j;
        if (x === null || x === undefined) return 1;  // what has no value stands last, either way
        if (y === null || y === undefined) return -1;
        return (x < y ? -1 : 1) * down;
      });
    }

    const pages = () => Math.max(1, Math.ceil(order.length / PAGE));
    const page = () => Math.min(pages(), Math.max(1, Number(params.get("page")) || 1));

    function draw() {
      const first = (page() - 1) * PAGE, rows = order.slice(first, first + PAGE);
      tbody.replaceChildren(...rows.map((row, at) => h("tr", { tabindex: at ? -1 : 0 },
        shownColumns.map((column, place) => h(place ? "td" : "th",
          { scope: place ? null : "row", class: column.numeric ? "n" : column.style },
          (column.cell ?? column.value)(row) ?? say("page.dash"))))));
      if (!rows.length) tbody.append(h("tr", {}, h("td", { colspan: shownColumns.length }, say("explore.nothing"))));
      status.textContent = spec.about(order.length, order);
      drawPager();
      for (const head of heads.children) {
        const by = params.get("sort");
        if (by === head.dataset.key) head.setAttribute("aria-sort", "ascending");
        else if (by === `-${head.dataset.key}`) head.setAttribute("aria-sort", "descending");
        else head.removeAttribute("aria-sort");
      }
    }

    function turn(to) {
      set("page", to > 1 ? String(to) : "");
      draw();
    }

    function drawPager() {
      const at = page(), last = pages();
      pager.replaceChildren(
        h("button", { type: "button", disabled: at <= 1, onclick: () => turn(at - 1) }, say("explore.before")),
        h("label", {}, say("explore.page"), " ", h("input", { type: "number", min: 1, max: last, value: at,
          onchange: (event) => turn(Math.min(last, Math.max(1, Math.floor(Number(event.target.value)) || 1))) }),
          " ", say("explore.of_pages", { pages: App.number(last) })),
        h("button", { type: "button", disabled: at >= last, onclick: () => turn(at + 1) }, say("explore.after")),
      );
    }

    function refresh() {
      set("page", "");
      pick();
      draw();
    }

    let waiting;
    const later = () => { clearTimeout(waiting); waiting = setTimeout(refresh, 150); };

    function field(one) {
      const value = params.get(one.key) ?? "";
      const change = (event) => { set(one.key, event.target.value.trim()); later(); };
      if (one.options && one.options.length <= OPTIONS) {
        const select = h("select", { onchange: change }, h("option", { value: "" }, say("explore.all")),
          one.options.map(([key, text]) => h("option", { value: key }, text)));
        select.value = value;
        return h("label", {}, h("span", {}, one.label), select);
      }
      return h("label", {}, h("span", {}, one.label), h("input", { type: "search", value, oninput: change }));
    }

    const heads = h("tr", {}, shownColumns.map((column) => h("th",
      { scope: "col", class: column.numeric ? "n" : null, "data-key": column.key },
      h("button", { type: "button", class: "sort", onclick: () => {
        const by = params.get("sort");
        set("sort", by === column.key ? `-${column.key}` : by === `-${column.key}` ? "" : column.key);
        refresh();
      } }, column.head))));

    function save() {
      const rows = order.map((row) => spec.columns.map((column) => column.value(row)));
      App.save(spec.file, App.csv([spec.columns.map((column) => column.head), ...rows]));
    }

    const search = field({ key: "q", label: say("explore.search") });
    const table = h("table", { class: spec.style, onkeydown: walk },
      h("caption", { class: "unseen" }, spec.caption), h("thead", {}, heads), tbody);
    pick();
    draw();
    return h("section", { class: "list" },
      h("form", { class: "filters", role: "search", "aria-label": say("explore.filter"),
        onsubmit: (event) => event.preventDefault() }, search, spec.filters.map(field)),
      h("div", { class: "above" }, status,
        h("button", { type: "button", class: "save", onclick: save }, say("explore.export"))),
      h("div", { class: "box", role: "region", "aria-label": spec.caption, tabindex: 0 }, table), pager);
  };

  /* Up and down through the rows, Enter opens the row's first link. */
  function walk(event) {
    const row = event.target.closest("tbody tr");
    if (!row || event.target !== row) return;
    const rows = [...row.parentElement.rows], at = rows.indexOf(row);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (event.key === "Enter") row.querySelector("a")?.click();
    if (to === undefined || !rows[to]) return;
    event.preventDefault();
    row.tabIndex = -1;
    rows[to].tabIndex = 0;
    rows[to].focus();
  }

  /* A short table of what is listed whole. */
  App.table = (caption, heads, rows, numeric = [], style = null) => h("div",
    { class: "box", role: "region", "aria-label": caption, tabindex: 0 }, h("table", { class: style },
      h("caption", { class: "unseen" }, caption),
      h("thead", {}, h("tr", {}, heads.map((head, at) => h("th", { scope: "col", class: numeric.includes(at) ? "n" : null }, head)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, at) => h(at ? "td" : "th",
        { scope: at ? null : "row", class: numeric.includes(at) ? "n" : null }, cell)))))));
}
