"""A spec -> a PyTorch module; a module and a sequence -> a Trace."""
