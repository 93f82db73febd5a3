"""What pages about a submission may show: honest mathematics, tables and figures, and nothing that runs.

The settings give these two filters to nbconvert's HTML exporter, which makes the feedback and formgrader's pages.
HTML is cleaned after it was made of Markdown, so that no Markdown can grow into a script.
"""

import html
import re
from functools import cache, lru_cache

from bleach.css_sanitizer import CSSSanitizer
from bleach.sanitizer import Cleaner
from jinja2 import pass_context
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
# TeX commands of MathJax 2 that make links, load code, or give an element a class, an id or a style.
UNSAFE_TEX = re.compile(r"\\(href|require|unicode|cssId|class|style)(?![A-Za-z])")
TAG = re.compile(r"""(<(?:[^<>"']|"[^"]*"|'[^']*')*>)""")
FUNCTION = re.compile(r"([\w-]*)\s*\(")
SAFE_FUNCTIONS = {"rgb", "rgba", "hsl", "hsla", "color-mix", "calc"}
ROOM = "padding:.1em .6em;"
SHORT = 20_000  # characters of a text whose cleaned HTML is worth remembering
ATTACHMENT = re.compile(r"!\[([^\]]*)\]\(\s*attachment:([^)\s]*)[^)]*\)")


@pass_context
def cells_markdown(context, source):
    """Return the Markdown of a cell as HTML that runs nothing. Replaces nbconvert's filter ``markdown2html``."""
    cell = context.get("cell") or {}
    return safe_markdown(source, cell.get("attachments") or {})


def safe_markdown(source, pictures=None):
    """Return Markdown as HTML that runs nothing.

    pictures  {name: {mime type: base64}} of those that were pasted into the cell
    """

    def picture(found):
        alt, name = found.groups()
        mime, data = next(iter((pictures or {}).get(name, {}).items()), (None, None))
        return f"![{alt}](data:{mime};base64,{re.sub(r'[^A-Za-z0-9+/=]', '', data)})" if data else f"[picture: {alt}]"

    try:
        return safe_html(markdown2html(ATTACHMENT.sub(picture, source).replace("attachment:", "")))
    except Exception:  # what no renderer can make sense of is shown as it was written
        return f"<pre>{html.escape(source)}</pre>"


def safe_html(source):
    """Return HTML with the harmless tags alone. Replaces nbconvert's filter ``clean_html``."""
    text = source.decode("utf-8", "replace") if isinstance(source, bytes) else str(source)
    return _seen(text) if len(text) < SHORT else _cleaned(text)


def _cleaned(text):
    return _finished(ENTITY.sub(_plain_letter, _cleaner().clean(SILENT.sub("", text))))


_seen = lru_cache(500)(_cleaned)  # most cells of a page are ours, the same for everybody


def _finished(cleaned):
    """Return clean HTML with room in its tables, and without unsafe TeX where MathJax would follow it: not in code."""
    pieces, depth = TAG.split(cleaned), 0
    for k, piece in enumerate(pieces):
        if found := re.match(r"<(/?)(pre|code)\b", piece):
            depth = max(depth - 1, 0) if found[1] else depth + 1
        elif re.match(r"<t[dh]\b", piece):
            pieces[k] = _with_room(piece)
        elif not depth:
            pieces[k] = UNSAFE_TEX.sub("", piece)
    return "".join(pieces)


def _with_room(tag):
    """Return the tag of a table's cell with a padding, which nbgrader's pages do not give it."""
    if "padding" in tag:
        return tag
    if ' style="' in tag:
        return tag.replace(' style="', f' style="{ROOM}', 1)
    return tag if "style=" in tag else f'{tag[:3]} style="{ROOM}"{tag[3:]}'


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
    if name == "style":
        return _is_plain_style(html.unescape(value))
    if name == "class":  # some of these have MathJax look where it should not
        return "jax" not in value.lower()
    return name in ATTRIBUTES or name in OF_TAG.get(tag, ())


def _is_plain_style(value):
    """Return whether a style loads nothing: no address, whatever function it hides in, and no escaped letter."""
    functions = {name.lower() for name in FUNCTION.findall(value)}
    return functions <= SAFE_FUNCTIONS and not any(part in value for part in ("\\", "/*", "@", "://"))


def _plain_letter(entity):
    """Return a letter that was written as an entity as itself, so that no filter of words is fooled by it."""
    letter = html.unescape(entity[0])
    return letter if letter.isalnum() or letter in "\\:{}" else entity[0]
