"""Pages: the report, and the page of an answer."""
