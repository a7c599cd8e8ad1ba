"""Any outcome against any parameter: what may be asked of results, and the numbers that answer."""
