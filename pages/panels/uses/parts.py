"""The parts of Uses, by the words of the field `use`."""

from pages.panels.uses.forecast import FORECAST
from pages.panels.uses.handwriting import HANDWRITING
from pages.panels.uses.next_word import NEXT_WORD
from pages.panels.uses.pitch import PITCH
from pages.panels.uses.translation import TRANSLATION

PARTS = {
    "next_word": NEXT_WORD,
    "forecast": FORECAST,
    "pitch": PITCH,
    "translation": TRANSLATION,
    "handwriting": HANDWRITING,
}
