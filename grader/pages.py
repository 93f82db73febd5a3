"""What pages about a submission may show: honest mathematics, tables and figures, and nothing that runs.

The settings give these two filters to nbconvert's HTML exporter, which makes the feedback and formgrader's pages.
HTML is cleaned after it was made of Markdown, so that no Markdown can grow into a script.
"""

import html
import re
from functools import cache

from bleach.css_sanitizer import CSSSanitizer
from bleach.sanitizer import Cleaner
from nbconvert.filters import markdown2html

TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl", "dt", "em"),
    *("figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol"),
    *("p", "pre", "progress", "q", "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody"),
    *("td", "tfoot", "th", "thead", "tr", "u", "ul", "var"),
}
ATTRIBUTES = ("class", "title", "role", "aria-label", "aria-hidden", "style", "colspan", "rowspan", "scope", "align")
OF_TAG = {"img": ("alt", "width", "height"), "progress": ("value", "max"), "details": ("open",), "ol": ("start",)}
STYLES = (
    *("background", "background-color", "border", "border-left", "color", "cursor", "display", "font-style"),
    *(
        "font-weight",
        "height",
        "line-height",
        "margin",
        "max-width",
        "padding",
        "text-align",
        "vertical-align",
        "width",
    ),
)
PICTURE = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*\Z")
ENTITY = re.compile(r"&(#\w+|\w+);")
SILENT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)  # what these hold is no text
# TeX commands of MathJax that make links, load code, or give an element a class or an id.
UNSAFE_TEX = re.compile(r"\\(href|url|require|unicode|cssId|class|style|data|html\w*)\s*(?=[{\[])")


def safe_markdown(source):
    """Return Markdown as HTML that runs nothing. Replaces nbconvert's filter ``markdown2html``."""
    return safe_html(markdown2html(source))


def safe_html(source):
    """Return HTML with the harmless tags alone. Replaces nbconvert's filter ``clean_html``."""
    text = source.decode("utf-8", "replace") if isinstance(source, bytes) else str(source)
    cleaned = ENTITY.sub(_plain_letter, _cleaner().clean(SILENT.sub("", text)))
    return UNSAFE_TEX.sub("", cleaned)


@cache
def _cleaner():
    return Cleaner(
        tags=TAGS,
        attributes=_allowed,
        protocols={"http", "https", "mailto", "data"},
        css_sanitizer=CSSSanitizer(allowed_css_properties=STYLES),
        strip=True,
        strip_comments=True,
    )


def _allowed(tag, name, value):
    if name == "href":
        return tag == "a" and bool(re.match(r"(https?://|mailto:|#)", value.strip()))
    if name == "src":
        return tag == "img" and bool(PICTURE.match(value))
    if name == "style" and "url(" in value.replace(" ", "").lower():
        return False
    return name in ATTRIBUTES or name in OF_TAG.get(tag, ())


def _plain_letter(entity):
    """Return a letter that was written as an entity as itself, so that no filter of words is fooled by it."""
    letter = html.unescape(entity[0])
    return letter if letter.isalnum() or letter in "\\:{}" else entity[0]
