"""The player: heatmaps that play in the browser."""
