"""Answers as files that people work on elsewhere: ``pieces`` says what stands in one, and the others write it."""
