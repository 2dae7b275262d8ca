"use strict";
/* A table as a file that a spreadsheet opens: UTF-8 with a mark, and no text that it would take for a formula, or for a
 * number of which it would drop digits. */
{
  const formula = /^[\s'"]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]/, digits = /^\s*[\d.,]+([eE]\d+)?\s*$/;

  function cell(value) {
    if (value === null || value === undefined) return "";
    if (typeof value === "number") return String(value);
    let said = value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\ufffd");
    if (formula.test(said) || /^[\t\r\n]/.test(said) || (said.length > 11 && digits.test(said))) said = `'${said}`;
    return /[",\r\n]/.test(said) ? `"${said.replaceAll('"', '""')}"` : said;
  }

  App.csv = (rows) => "\ufeff" + rows.map((row) => row.map(cell).join(",") + "\r\n").join("");

  App.save = function save(name, text) {
    const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    const link = App.h("a", { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  };
}
