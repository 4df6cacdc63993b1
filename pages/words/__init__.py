"""All words of the course, the glossary and "What am I looking at?", one file per language."""
