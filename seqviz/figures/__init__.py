"""Pictures for people to read at rest: Plotly, SVG and KaTeX."""
