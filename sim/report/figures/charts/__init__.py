"""Any outcome against any parameter, drawn: as a picture for a page or a phone, or as a page to point at."""
