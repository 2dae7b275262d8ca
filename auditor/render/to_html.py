"""report.html: one offline file, from `reports/report.html.j2` and the words of one language, with its scripts."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from auditor import dossier
from auditor.content import folder
from auditor.render import explorer
from auditor.render.compiled import Compiled
from auditor.render.embedded import packed
from auditor.render.page_parts import employers, limits, listed, units, used
from auditor.render.paper_words import NAME, SENTENCE, Words
from auditor.report import Report

JUDGED = 200  # claims that people changed, and conclusions that match nothing
Json = dict[str, Any]


def write(report: Report, path: Path) -> None:
    path.write_bytes(page(report).encode())


def prepare(language: str) -> None:
    environment = _environment(language)
    for name in environment.list_templates(extensions=["j2"]):
        environment.get_template(name)


@cache
def _environment(language: str) -> Environment:
    words, content = Words(language), folder("reports")
    environment = Environment(
        loader=FileSystemLoader(content),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=Compiled(content),
    )
    environment.filters |= words.filters()
    environment.globals |= {
        "w": words.sections,
        "css": Markup(_joined([content / "report.css", *sorted((content / "html").glob("*.css"))])),
        "script": Markup(_joined(sorted((content / "html").glob("*.js")))),
        "NAME": NAME,
        "SENTENCE": SENTENCE,
        "JUDGED": JUDGED,
    }
    return environment


def _joined(files: list[Path]) -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def page(report: Report, language: str | None = None) -> str:
    """The whole page. `language`: the words of the page, else that of the Report, whose sentences stay as they are."""
    rule_no = {rule["id"]: f"R-{place:02}" for place, rule in enumerate(report.rules, 1)}
    language = language or report.run["lang"]
    samples = {rule["id"]: listed(rule["sample"]) for rule in report.rules}
    return (
        _environment(language)
        .get_template("report.html.j2")
        .render(
            r=report,
            rules={rule["id"]: rule for rule in report.rules},
            rule_no=rule_no,
            found_at={
                (rule, finding["person_id"]): f"{rule_no[rule]}-{place:03}"
                for rule, sample in samples.items()
                for place, finding in reversed(list(enumerate(sample["rows"], 1)))
            },
            limits={rule["id"]: limits(rule) for rule in report.rules},
            samples=samples,
            employers=employers(report.employers),
            scored_at={row["person_id"]: f"S-{place:03}" for place, row in enumerate(report.priority["listed"], 1)},
            group_listed={row["group"] for row in report.groups["listed"]},
            used=used(report.rules),
            units=units(report.rules),
            blocks={
                name: packed(block)
                for name, block in (explorer.blocks(report, Words(language)) | dossier.blocks(report)).items()
            },
        )
    )
