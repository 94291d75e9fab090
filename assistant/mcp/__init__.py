"""Casewise for assistants that speak the Model Context Protocol: tools that ask and read a library, and nothing that writes.

``shapes`` says what the tools return, ``tools`` what they do, and ``server`` serves them, with the protocol's official SDK.
"""
