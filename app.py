"""app: the door to the workbench in the browser (streamlit run app.py, or touchstone app)."""

from poc.pages.house import house

house()
