"use strict";
/* The shell of the explorer. Pages register themselves: App.route("rule/:id", (container, id) => …).
 *
 * App.data(name)   Promise of the parsed block `data-<name>`, unpacked once; null where the page has none
 * App.words        section → name → words of this page's language; App.say("section.name", {values})
 * App.query        URLSearchParams of the present address; App.keep(params) rewrites it without a new page
 * App.h, App.svg   elements by DOM calls: children that are no nodes become text, so that nothing of the data is markup
 * App.link(kind, id, text)            <a> to #/kind/id if the block `<kind>-ids` (a JSON list of texts) has it, else text
 * App.source(table, file, sheet, row) where a row stands, as a spreadsheet numbers it
 * App.page(title, ...children)        a page with its heading; App.nav(text, hash) a link above all pages
 * App.whenReady(what)                 what is done once, when words and ids are there and before the first page
 * A route may be async. Texts of the data go through h, svg or textContent and nowhere else. */
const App = (() => {
  const CHINESE = /([\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+)/;
  const PLAIN = new Set(["option", "title", "desc", "text", "tspan", "style"]);  // where no element may stand
  const foreign = !document.documentElement.lang.startsWith("zh");
  const blocks = new Map(), routes = [], ids = new Map(), ready = [];
  let words = {}, shown = 0, left = null;

  async function unpack(name) {
    const held = document.getElementById(`data-${name}`);
    if (!held) return null;
    const raw = atob(held.textContent.trim()), bytes = new Uint8Array(raw.length);
    for (let at = 0; at < raw.length; at++) bytes[at] = raw.charCodeAt(at);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  function data(name) {
    if (!blocks.has(name)) blocks.set(name, unpack(name));
    return blocks.get(name);
  }

  function filled(element, attrs, children) {
    for (const [name, value] of Object.entries(attrs ?? {})) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
    }
    for (const child of children.flat(Infinity)) {
      if (typeof child === "string" && foreign && !PLAIN.has(element.localName)) element.append(...marked(child));
      else if (child !== null && child !== undefined && child !== false) element.append(child);
    }
    return element;
  }

  /* On a page of another language, what is Chinese (data, clauses) marked as such. */
  const marked = (text) => text.split(CHINESE).filter(Boolean).map((part) => {
    if (!CHINESE.test(part)) return part;
    const span = document.createElement("span");
    span.lang = "zh";
    span.textContent = part;
    return span;
  });

  const h = (tag, attrs, ...children) => filled(document.createElement(tag), attrs, children);
  const svg = (tag, attrs, ...children) =>
    filled(document.createElementNS(document.getElementById("drawn").namespaceURI, tag), attrs, children);

  function say(key, values = {}) {
    const [section, name] = key.split(".");
    const said = words[section]?.[name] ?? key;
    return said.replace(/\{(\w+)\}/g, (all, which) => values[which] ?? all);
  }

  const address = (...parts) => `#/${parts.map(encodeURIComponent).join("/")}`;

  function link(kind, id, text) {
    return ids.get(kind)?.has(id) ? h("a", { href: address(kind, id) }, text ?? id) : h("span", {}, text ?? id);
  }

  function source(table, file, sheet, row) {
    const place = sheet ? say("place.sheet", { file, sheet }) : file;
    return h("span", { class: "place" }, `${place} ${say("place.row", { rows: row })}`);
  }

  /* A clause, in the report itself. */
  const clause = (id) => h("a", { class: "ref", href: `#T-${id.split(/\s+/).join("-")}` }, `T-${id}`);

  function page(title, ...children) {
    return h("article", { class: "page" }, h("h1", { tabindex: -1 }, title), ...children);
  }

  /* A link in the head of every page. */
  function nav(text, hash) {
    document.querySelector("#explorer nav ul").append(h("li", {}, h("a", { href: hash }, text)));
  }

  const has = (name) => document.getElementById(`data-${name}`) !== null;

  function route(pattern, render) {
    routes.push({ parts: pattern.split("/"), render });
  }

  function find(parts) {
    return routes.find((one) => one.parts.length === parts.length
      && one.parts.every((part, at) => part.startsWith(":") || part === parts[at]));
  }

  const view = () => document.getElementById("view");

  function leave() {
    document.body.classList.remove("exploring");
    view().replaceChildren();
    document.title = App.title;
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (left && left.hash === location.hash) scrollTo(0, left.top);
    else if (target) target.scrollIntoView();
    left = null;
  }

  async function open() {
    const now = ++shown;
    if (!location.hash.startsWith("#/")) {
      if (document.body.classList.contains("exploring")) leave();
      return;
    }
    const [path, query = ""] = location.hash.slice(2).split("?");
    const container = h("div");
    try {
      const parts = path.split("/").map(decodeURIComponent);
      const found = find(parts);
      App.query = new URLSearchParams(query);
      if (!found) container.append(page(say("explore.not_found"), h("p", {}, say("explore.not_found_text"))));
      else await found.render(container, ...parts.filter((_, at) => found.parts[at].startsWith(":")));
    } catch (error) {
      console.error(error);
      container.replaceChildren(page(say("explore.failed"), h("p", {}, say("explore.failed_text"))));
    }
    if (now !== shown) return;  // another page was asked for meanwhile
    document.body.classList.add("exploring");
    view().replaceChildren(container);
    const heading = container.querySelector("h1");
    if (heading) {
      document.title = `${heading.textContent} · ${App.title}`;
      heading.focus({ preventScroll: true });
    }
    scrollTo(0, 0);
    for (const one of document.querySelectorAll("#explorer nav a")) {
      if (one.hash.split("?")[0] === `#/${path}`) one.setAttribute("aria-current", "page");
      else one.removeAttribute("aria-current");
    }
  }

  function keep(params) {
    const query = params.toString();
    history.replaceState(null, "", location.hash.split("?")[0] + (query ? `?${query}` : ""));
  }

  async function start() {
    App.title = document.title;
    words = App.words = await data("words");
    for (const kind of ["person", "address"]) ids.set(kind, new Set(await data(`${kind}-ids`)));
    for (const one of ready) await one();
    document.getElementById("explorer").hidden = false;
    document.querySelector(".skip").addEventListener("click", (event) => {
      if (!document.body.classList.contains("exploring")) return;
      event.preventDefault();  // the main part is not what stands on the screen
      view().querySelector("h1")?.focus();
    });
    addEventListener("click", (event) => {  // before the address changes: where the reader was
      if (event.target.closest("a[href^='#/']") && !document.body.classList.contains("exploring")) {
        left = { hash: location.hash, top: scrollY };
      }
    });
    addEventListener("hashchange", open);
    await open();
    document.documentElement.dataset.ready = "";
  }

  if (typeof DecompressionStream === "function") addEventListener("DOMContentLoaded", start);
  /* else an old browser: the report itself needs no script */

  return { data, has, h, svg, say, nav, link, clause, source, page, route, address, keep, ids, words, query: new URLSearchParams(),
           whenReady: (what) => ready.push(what) };
})();
