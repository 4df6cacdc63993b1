"""English phrases into French: a grammar of our own, an encoder, a decoder and attention."""
