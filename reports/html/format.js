"use strict";
/* Numbers as the report writes them. */
{
  const number = (value) => (value < 0 ? App.say("unit.minus") : "") + Math.abs(value).toLocaleString("en-US");

  function yuan(fen) {
    const all = Math.abs(fen);
    return (fen < 0 ? "−" : "") + Math.floor(all / 100).toLocaleString("en-US") + "." + String(all % 100).padStart(2, "0");
  }

  function hms(seconds) {
    const left = Math.abs(seconds), hours = Math.floor(left / 3600), minutes = Math.floor(left / 60) % 60;
    let said = hours ? App.say("unit.hour", { n: number(hours) }) : "";
    if (left % 60 || !left) {
      if (left >= 60) said += App.say("unit.minute", { n: minutes });
      said += App.say("unit.second", { n: left % 60 });
    } else if (minutes) said += App.say("unit.minutes", { n: minutes });
    return (seconds < 0 ? App.say("unit.minus") : "") + said.trim();
  }

  function amount(value, unit) {
    if (value === null) return App.say("page.dash");
    switch (unit) {
      case "s": return hms(value);
      case "fen": return App.say("unit.fen", { n: yuan(value) });
      case "score": return App.say("unit.score", { n: number(value) });
      case "%": return App.say("unit.percent", { n: value });
      case "count": case "": case null: return number(value);
    }
    return App.say("unit.other", { n: number(value), unit: App.say(`measure.${unit}`) });
  }

  Object.assign(App, { number, yuan, hms, amount });
}
