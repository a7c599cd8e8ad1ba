"""The script that Streamlit runs, per visitor and after each move of a slider: `streamlit run app.py -- FOLDER LANGUAGE`."""

import sys
from pathlib import Path

from sim.page.page import show

show(Path(sys.argv[1]), sys.argv[2])
