"""The evidence grid: a question asked of every case or document, under every theme or further question; empty cells say so.

Each cell is filled as an answer is: passages ranked by meaning and words, their sentences weighed, the quotes checked against
the document. What is too weak to bear on the question fills no cell.
"""

from assistant.grid.filling import grid
from assistant.grid.nouns import NO_CASE, NO_THEME, By, Grid, GridCell, GridQuote, GridRow, by_name

__all__ = ["NO_CASE", "NO_THEME", "By", "Grid", "GridCell", "GridQuote", "GridRow", "by_name", "grid"]
