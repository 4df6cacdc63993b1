"""Where sequences come from: generators, drawings, text, sound, tables and links."""
