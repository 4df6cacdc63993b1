"""Small pictures for the words of the glossary."""
