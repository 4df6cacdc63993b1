"""What Memory measures: the fields' words, what they are called, and the panel of each."""

from pages.panels.memory.forward_test import forward_test_panel
from pages.panels.memory.gate_bars import gates_panel
from pages.panels.memory.horizon_band import horizon_panel
from pages.panels.memory.influence_map import influence_panel
from pages.panels.memory.similar_steps import similar_steps_panel
from pages.panels.memory.spectrum_circle import spectrum_panel
from pages.panels.memory.trajectory import trajectory_panel

MEASURES = {
    "influence": ("Influence", influence_panel),
    "nudge": ("Forward test", forward_test_panel),
    "horizon": ("Horizon", horizon_panel),
    "spectrum": ("Spectrum", spectrum_panel),
    "gates": ("Gates", gates_panel),
    "trajectory": ("Trajectory", trajectory_panel),
    "alike": ("Alike", similar_steps_panel),
}
