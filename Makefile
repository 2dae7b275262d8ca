# Two commands: `make audit` runs the main job on the sample data, `make test` runs everything that CI runs.
# Both set up what they need; a second run starts at once.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SAMPLES := taicang-2021 wuxi-2023

.PHONY: audit test setup setup-dev fonts browser samples clean

audit: setup fonts
	@for policy in $(SAMPLES); do \
	  echo; echo "== $$policy =="; \
	  $(BIN)/auditor audit sample_data/$$policy --policy $$policy --out out/$$policy || exit $$?; \
	done

test: setup-dev browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist loadscope

setup: $(VENV)/run.done
setup-dev: $(VENV)/dev.done

$(VENV)/run.done: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (have: $$($(PYTHON) --version))"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "python3-venv is missing: apt-get install python3-venv"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q auditor
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -c 'from auditor import render; render.prepare("zh", render.FORMATS)'
	@touch $@

$(VENV)/dev.done: $(VENV)/run.done requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# report.pdf is set in a Chinese font of the system; without one an audit leaves it out and says so.
fonts:
	@if [ -e /usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc ] || [ -n "$$(fc-list :lang=zh 2>/dev/null | head -n 1)" ]; then exit 0; fi; \
	  if [ "$$(id -u)" = 0 ]; then run=""; elif sudo -n true 2>/dev/null; then run="sudo"; else run="no"; fi; \
	  if [ "$$run" = no ] || ! command -v apt-get >/dev/null; then \
	    echo "No Chinese font was found and none can be installed here: report.pdf may be left out (Debian: apt-get install fonts-noto-cjk)."; exit 0; fi; \
	  echo "Installing fonts-noto-cjk for report.pdf ..."; \
	  $$run apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$run apt-get install -y -qq --no-install-recommends fonts-noto-cjk >/dev/null \
	    || echo "fonts-noto-cjk could not be installed: report.pdf may be left out."

# The browser test looks at the report in Debian's chromium, with a font that has Chinese characters.
browser:
	@if command -v chromium >/dev/null && [ -n "$$(fc-list :lang=zh 2>/dev/null | head -n 1)" ]; then exit 0; fi; \
	  if [ "$$(id -u)" = 0 ]; then run=""; elif sudo -n true 2>/dev/null; then run="sudo"; else run="no"; fi; \
	  if [ "$$run" = no ] || ! command -v apt-get >/dev/null; then \
	    echo "SKIPPED: chromium and a Chinese font are missing and cannot be installed here; the browser test will be skipped."; exit 0; fi; \
	  $$run apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$run apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null \
	    || echo "SKIPPED: chromium could not be installed; the browser test will be skipped."

# The committed samples are made by this command.
samples: setup
	@for policy in $(SAMPLES); do \
	  rm -rf sample_data/$$policy; \
	  $(BIN)/auditor demo --out sample_data/$$policy --policy $$policy --learners 100 --seed 1; \
	done

clean:
	rm -rf $(VENV) out
