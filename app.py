"""The front door of the web app: navigation, nothing else."""

import streamlit as st

from assistant.ui import ask, people

st.set_page_config(page_title="Casewise", page_icon="📚", layout="wide")
if people.admitted():
    st.navigation([st.Page(ask.page, title="Ask", url_path="", default=True)], position="hidden").run()
    people.show_account()
