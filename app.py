"""The front door of the web app: navigation, nothing else."""

import streamlit as st

from assistant.ui import ask, grid, library, people, quality

st.set_page_config(page_title="Casewise", page_icon="📚", layout="wide")
if people.admitted():
    pages = [
        st.Page(ask.page, title="Ask", url_path="", default=True),
        st.Page(grid.page, title="Evidence grid", url_path="grid"),
        st.Page(library.page, title="Library", url_path="library"),
        st.Page(quality.page, title="Quality", url_path="quality"),
    ]
    st.navigation(pages, position="top").run()
    people.show_account()
