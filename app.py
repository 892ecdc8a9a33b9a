"""app: the door to the workbench in the browser (streamlit run app.py, or touchstone app)."""

from pathlib import Path

from starlette.middleware import Middleware
from streamlit.starlette import App

from poc import pages
from poc.pages.gate import Gate

app = App(Path(pages.__file__).with_name("front.py"), middleware=[Middleware(Gate)])
