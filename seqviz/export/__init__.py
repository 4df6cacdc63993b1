"""What is taken along: tables, a PyTorch script, pictures and films."""
