"""Sphinx's settings for the site. ``python -m grader.site`` makes the pages first, then runs Sphinx with these."""

from docutils import nodes

from grader.site import reference

project = "Backprop by Hand"
html_title = project
copyright = "the authors, BSD-3-Clause"
extensions = ["myst_nb", "sphinx.ext.autodoc"]
exclude_patterns = ["notebooks"]  # the released ones, to download

nb_execution_mode = "off"  # solutions/ are executed already
nb_ipywidgets_js = {}  # else a page asks a server for them
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "undoc-members": True, "exclude-members": "Cache"}
autodoc_member_order = "bysource"
autodoc_typehints = "none"

html_theme = "sphinx_book_theme"
html_theme_options = {
    "show_toc_level": 2,
    "navbar_persistent": [],
    "use_download_button": False,
    "use_fullscreen_button": False,
}
html_domain_indices = False
html_use_index = False
html_static_path = ["static"]
html_css_files = ["course.css"]
html_favicon = "static/favicon.svg"
html_js_files = ["course.js"]
html_copy_source = False
html_show_sphinx = False

# MathJax lies beside the pages. Its menu, which would fetch more, is off; MathML for screen readers stays on.
mathjax_path = "mathjax/tex-chtml-full.js"
mathjax3_config = {"options": {"enableMenu": False}}


def setup(app):
    app.connect("autodoc-process-docstring", _lay_out)
    app.connect("doctree-read", _leave_equations)
    app.connect("html-page-context", _name_folds)


def _lay_out(app, what, name, obj, options, lines):
    lines[:] = reference.paragraphs(lines)


def _leave_equations(app, doctree):
    """Give MathJax each equation as it is written: Sphinx would wrap some in an environment that allows no number."""
    for equation in doctree.findall(nodes.math_block):
        equation["no-wrap"] = True
        equation[:] = [nodes.Text(rf"\[{equation.astext()}\]")]


def _name_folds(app, page, template, context, doctree):
    """Let a fold be called by its words: myst-nb calls all of them the same for those who cannot see them."""
    if "body" in context:
        context["body"] = context["body"].replace(' aria-label="Toggle hidden content"', "")
