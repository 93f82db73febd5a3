# The only place where commands are spelt. `make` alone lists them.
SHELL := /bin/sh
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
# A broken nbgrader_config.py must stop nbgrader, never fall back to stock settings.
export TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport PYTHONDONTWRITEBYTECODE PYTHONHOME PYTHONPATH
HUB_PROXY := 5.3.0
ASSIGNMENT ?=
FROM ?=
TO ?= csv
PYTEST := pytest -p no:cacheprovider -n 2 --dist loadfile

.PHONY: help lab lab-instructor demo bundle collect grade report preview regrade export hub release solutions cases mistakes security errata site lite bench bench-verdicts test test-all test-newest test-oldest check lock clean

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' Makefile

lab: .venv/course.stamp  ## students: open JupyterLab on notebooks/
	@grader lab

lab-instructor: .venv/course.stamp  ## instructors: open JupyterLab on the course, with formgrader
	@grader lab --instructor

demo: .venv/course.stamp bubblewrap  ## hand in an invented class and grade it, start to finish (no browser)
	@grader demo

bundle: .venv/course.stamp  ## write dist/student.zip, which is what students get
	@grader bundle

collect: .venv/course.stamp  ## take submissions back: make collect FROM=downloaded.zip (a folder, a notebook; else the exchange)
	@grader collect $(FROM)

grade: .venv/course.stamp bubblewrap  ## grade whatever lies in course/submitted/
	@grader grade $(ASSIGNMENT)

hub: .venv/hub.stamp  ## add JupyterHub to .venv, for many users on one machine: docs/hub.md

report: .venv/course.stamp  ## write course/report.html: what the class got wrong
	@grader report

preview: .venv/course.stamp bubblewrap  ## say whose mark grading again would change, and why; nothing is written
	@grader regrade --preview $(ASSIGNMENT)

regrade: .venv/course.stamp bubblewrap  ## grade again what has changed
	@grader regrade $(ASSIGNMENT)

export: .venv/course.stamp  ## write the marks for an LMS: make export TO=canvas (or moodle)
	@grader export $(TO) $(ASSIGNMENT)

release: .venv/course.stamp  ## source/ -> notebooks/
	@grader release $(ASSIGNMENT)

solutions: release  ## source/ -> solutions/, worked and executed
	@grader solutions $(ASSIGNMENT)

cases: .venv/course.stamp  ## regenerate the reference outputs that the checks compare with
	@python -m helpers.build $(ASSIGNMENT)

mistakes: cases  ## write the kill table, docs/mistakes.md
	@python -m helpers.mistakes.kill_table

errata: .venv/course.stamp  ## write the list of the source derivations' errata, docs/errata.md
	@python -m helpers.errata

site: .venv/site.stamp .venv/lite.stamp  ## the course as a static site, in dist/site/
	@python -m grader.site
	@python -m grader.lite

lite: .venv/lite.stamp  ## the course in the browser, in dist/site/lite/ (a part of the site): docs/browser.md
	@python -m grader.lite

bench: .venv/test.stamp bubblewrap  ## a class graded by stock nbgrader and by us, in turn (an hour; SIZE=small: ten minutes)
	@python -m tests.bench --size $(or $(SIZE),full)

bench-verdicts: .venv/test.stamp  ## how many milliseconds a verdict takes
	@python -m tests.bench_verdicts

test: .venv/test.stamp site-tools chromium bubblewrap postgresql  ## everything CI runs
	@ruff check --quiet .
	@$(PYTEST) -q --nbval-current-env --nbval-lax source
	@$(PYTEST) --nbval-current-env --nbval --nbval-sanitize-with tests/sanitize.cfg --durations=8 -m "not long" tests solutions

security: .venv/test.stamp bubblewrap  ## try the corpus of hostile and unlucky submissions, and print the table
	@python -m tests.security

test-all: test hub  ## and the tests that take minutes: twenty kills of the grader, a class on a hub
	@$(PYTEST) -m long tests

test-newest: chromium bubblewrap postgresql  ## the tests with the newest release of every package, in a .venv-newest made anew
	@$(call try,.venv-newest)

test-oldest: chromium bubblewrap postgresql  ## the tests with the oldest versions that README.md names, in .venv-oldest
	@$(call try,.venv-oldest,--constraint tests/oldest.txt)

check: .venv/test.stamp  ## the fast tests, while you work (20 s)
	@ruff check --quiet .
	@pytest -q -x -m "not slow" tests

lock: .venv/test.stamp  ## pin the whole tree of packages again, with hashes and without addresses
	@python -m pip install --quiet uv==0.13.9
	@uv pip compile pyproject.toml --extra instructor --universal --generate-hashes --quiet -o requirements.txt
	@uv pip compile pyproject.toml --extra instructor --extra test --universal --generate-hashes --quiet -o requirements-test.txt
	@uv pip compile pyproject.toml --extra instructor --extra hub --constraint requirements-test.txt --universal --generate-hashes --quiet -o requirements-hub.txt
	@uv pip compile pyproject.toml --extra instructor --extra site --constraint requirements-test.txt --universal --generate-hashes --quiet -o requirements-site.txt
	@uv pip compile --group pyproject.toml:lite --python-version 3.11 --universal --generate-hashes --quiet -o requirements-lite.txt
	@uv pip compile --group pyproject.toml:pyodide --no-deps --python-version 3.14 --generate-hashes --quiet -o requirements-pyodide.txt
	@cd grader/site && npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund --silent

clean:  ## remove the environment (course/ is yours and stays)
	@rm -rf .venv .venv-newest .venv-oldest *.egg-info .pytest_cache .ruff_cache

# --- the environment -------------------------------------------------------------------------------

define find_python
for p in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
  command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; p=; \
done; \
if [ -z "$$p" ]; then \
  echo "Backprop by Hand needs Python 3.11 or newer and found none: install it, or say  make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; \
fi
endef

# $(call install,FILE): the locked packages of FILE, with a counter instead of 400 lines.
define install
( python -m pip install --no-input --require-hashes -r $(1) 2>&1; echo "exit $$?" ) | awk \
  '/^Collecting / {n++; printf "\r  package %d: %-40s", n, $$2; fflush()} \
   /^Installing collected/ {printf "\r  %d packages fetched, installing%40s\n", n, ""; fflush()} \
   /^ERROR|rror:/ {print "\n" $$0} /^exit / {code = $$2} END {exit code}'
endef

# $(call try,FOLDER,LIMITS): the tests in a new environment, but for those that hold for the pinned versions alone.
define try
$(find_python); $$p -m venv --clear $(1) && . $(1)/bin/activate && echo "Setting up $(1) with $$($$p --version)" \
&& python tests/unpinned.py >$(1)/names.txt \
&& python -m pip install --no-input --quiet --upgrade -r $(1)/names.txt $(2) \
&& python -m pip install --quiet --no-deps --no-build-isolation --no-index -e . \
&& python -m pip freeze | grep -E '^(jupyterlab|matplotlib|nbgrader|nbval|numpy|sympy)==' \
&& $(PYTEST) -q --nbval-current-env --nbval-lax --durations=8 -m "not long and not pinned" tests source solutions
endef

.venv/course.stamp: requirements.txt pyproject.toml
	@$(find_python); echo "Setting up .venv with $$($$p --version) (once; about a minute)"; \
	$$p -m venv .venv || { echo "Python cannot make a virtual environment here; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(call install,requirements.txt)
	@python -m pip install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

.venv/test.stamp: requirements-test.txt .venv/course.stamp
	@echo "Adding the test tools to .venv (once)"
	@$(call install,requirements-test.txt)
	@touch $@

# JupyterHub comes from PyPI and its proxy from npm; without npm the test of the hub says why it is skipped.
.venv/hub.stamp: requirements-hub.txt .venv/course.stamp
	@command -v npm >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 \
	  && echo "Installing npm, which has the hub's proxy" && apt-get update -qq && apt-get install -y -qq npm >/dev/null; } \
	  || echo "No npm here, so no hub: install Node.js 20 or newer"
	@echo "Adding JupyterHub to .venv (once)"
	@$(call install,requirements-hub.txt)
	@! command -v npm >/dev/null 2>&1 || { npm install --global --prefix .venv --silent --no-fund --no-audit configurable-http-proxy@$(HUB_PROXY) && touch $@; }

# The site's mathematics, and the check of its accessibility, come from npm; they lie in .venv too.
.venv/site.stamp: requirements-site.txt grader/site/package-lock.json .venv/course.stamp
	@command -v npm >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 \
	  && echo "Installing npm for the site's mathematics" && apt-get update -qq && apt-get install -y -qq npm >/dev/null; } \
	  || { echo "The site needs npm for its mathematics; on Debian and Ubuntu: apt install npm" >&2; exit 1; }
	@echo "Adding the tools of the site to .venv (once)"
	@$(call install,requirements-site.txt)
	@mkdir -p .venv/npm && cp grader/site/package.json grader/site/package-lock.json .venv/npm
	@npm ci --prefix .venv/npm --no-audit --no-fund --silent
	@touch $@

# JupyterLite has an environment of its own, beside it the wheels of the kernel in the browser.
.venv/lite.stamp: requirements-lite.txt requirements-pyodide.txt .venv/course.stamp
	@echo "Setting up the tools of the course in the browser, in .venv/lite (once)"
	@python -m venv .venv/lite
	@.venv/lite/bin/python -m pip install --quiet --no-input --require-hashes -r requirements-lite.txt
	@.venv/lite/bin/python -m pip download --quiet --no-deps --only-binary :all: --python-version 3.14 \
	  --require-hashes -r requirements-pyodide.txt -d .venv/lite/wheels
	@touch $@

.PHONY: site-tools
site-tools:
	@$(MAKE) --no-print-directory .venv/site.stamp .venv/lite.stamp || echo "No tools of the site here: its tests will be skipped"

# Student code runs in bubblewrap: installed where that takes one command, else grading says what to do.
.PHONY: bubblewrap
bubblewrap:
	@command -v bwrap >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 \
	  && echo "Installing bubblewrap, the sandbox of student code" && apt-get update -qq && apt-get install -y -qq bubblewrap >/dev/null; } \
	  || echo "No bubblewrap here: apt install bubblewrap; without it grading needs  --no-sandbox"

# The browser test needs Chromium: installed where that takes one command, else the test says why it is skipped.
.PHONY: chromium
chromium:
	@command -v chromium >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 \
	  && echo "Installing chromium for the browser test" && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	  || echo "No chromium here: the browser test will be skipped"

# The tests of a gradebook in PostgreSQL start a server of their own: where it cannot be had, they say why they are skipped.
.PHONY: postgresql
postgresql:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 \
	  && echo "Installing PostgreSQL for the tests of a gradebook in it" && apt-get update -qq && apt-get install -y -qq postgresql >/dev/null; } \
	  || echo "No PostgreSQL here: the tests of a gradebook in it will be skipped"
