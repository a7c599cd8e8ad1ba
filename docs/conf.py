"""Sphinx's settings for the documentation site; `make site` writes it to build/site."""

project = "sim"
html_title = "sim"
author = "the sim maintainers"
extensions = ["myst_parser"]
myst_heading_anchors = 4  # so that links to headings work as they do where Markdown is shown as it is
html_theme = "furo"
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
pygments_style = "friendly"
highlight_language = "none"
exclude_patterns = ["images"]


def _front_page(_app, _name, source):
    """Let links to the front page, which is outside of this folder, lead to the start page, which includes it."""
    source[0] = source[0].replace("](../README.md)", "](index.md)")


def setup(app):
    """Connect what Sphinx calls while it reads pages."""
    app.connect("source-read", _front_page)
