"""Front: the script that Streamlit runs for every look at the workbench."""

from poc.pages.house import house

house()
