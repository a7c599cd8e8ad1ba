"""One function per thing that people do, used by the command line, by the page and by notebooks alike (`import sim`)."""
