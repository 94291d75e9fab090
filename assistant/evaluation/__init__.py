"""How good the library's answers are: question sets asked and counted, runs compared and reported.

``question_sets`` asks, ``gold`` judges what is cited, ``figures`` counts, ``comparing`` holds two runs side by side, and
``tables`` and ``report`` show them. ``verification`` judges a measure of support on claims and their evidence,
``retrieval_sets`` the ranking on queries and documents in BEIR's layout.
"""
